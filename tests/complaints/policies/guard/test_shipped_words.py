"""The house keeps its own rules: nothing that ships with the product would be stopped by the guard."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from complaints.policies import letter_text, packs, shipped_letters, statements
from complaints.policies.guard import Finding, LetterContext, inspect
from complaints.policies.letter_names import BY_WORDING, FINISHED_BY_STAFF, Wording
from complaints.policies.letter_rules import Statement
from complaints.resolution import guarding, letters
from complaints.resolution.links import LINK_HERE
from complaints.resolution.models import Complaint, MessageKind, OfferState
from tests.complaints.policies.guard.corpora import NOW
from tests.factories import CustomerFactory, approved, investigating

CONTEXT = LetterContext(
    now=NOW,
    references=frozenset({"C26-004217-K"}),
    names=frozenset({"Ruth Calloway"}),
    approved=frozenset({("GBP", Decimal(80))}),
    marks=(LINK_HERE,),
)
SAMPLES = {
    "reference": "C26-004217-K",
    "customer_name": "Ruth Calloway",
    "link": LINK_HERE,
    "by_email": "yes",
    "firm_phone": "01632 960 000",
    "explanation": "The booking was charged twice because a note was lost.",
    "what_we_offer": "- Refund of £80.00, by 5 December 2026",
    "what_was_done": "- Refund of £80.00",
    "questions": "- Which card did you use?",
    "restatement": "You were charged twice for one booking, and nobody called you back.",
    "points": "Charged twice\nYou were, and the second payment is on its way back to you.",
    "decision": "We uphold your complaint.",
    "say": "We asked the shop for the till roll of that day and have read it.",
}

GERMAN = {
    "explanation": "Die Buchung wurde doppelt berechnet, weil eine Notiz verloren ging.",
    "what_we_offer": "- Rückzahlung: £80.00, bis zum 5. Dezember 2026",
    "what_was_done": "- Rückzahlung: £80.00",
    "questions": "- Welche Karte haben Sie benutzt?",
    "restatement": "Eine Buchung wurde zweimal berechnet, und niemand hat Sie zurückgerufen.",
    "points": "Zweimal bezahlt\nDas stimmt, und die zweite Zahlung ist auf dem Weg zu Ihnen.",
    "decision": "Wir geben Ihrer Beschwerde statt.",
    "say": "Wir haben den Laden um den Kassenbeleg dieses Tages gebeten und ihn gelesen.",
}
SAMPLES_IN = {"en-GB": SAMPLES, "de": SAMPLES | GERMAN}
DAY_IN = {"en-GB": "5 December 2026", "de": "5. Dezember 2026"}


def stopped(text: str, kind: str, language: str) -> list[Finding]:
    return [one for one in inspect(text, replace(CONTEXT, kind=kind, language=language)) if one.blocks]


def shipped() -> Iterator[tuple[Wording, str]]:
    for language in shipped_letters.languages():
        for wording in shipped_letters.in_language(language):
            yield wording, language


@pytest.mark.parametrize(("wording", "language"), list(shipped()))
@pytest.mark.parametrize("is_full", [True, False])
def test_no_letter_of_ours_would_be_stopped(wording: Wording, language: str, *, is_full: bool) -> None:
    values = {
        name.code: SAMPLES_IN[language].get(name.code, "yes" if name.only_asked else DAY_IN[language])
        if is_full
        else ""
        for name in BY_WORDING[wording]
    }
    filled = letter_text.fill(shipped_letters.in_language(language)[wording], values)
    assert stopped(f"{filled.subject}\n\n{filled.body}", wording.value, language) == []


def texts_of_packs() -> Iterator[tuple[str, str, str]]:
    for versions in packs.shipped().values():
        for pack in versions:
            until = pack.reopen_text.replace("{until}", "5 December 2026")
            yield f"{pack.code} {pack.version}", "en", f"{pack.rights_text}\n\n{until}"
            for other in pack.also_in:
                yield f"{pack.code} {pack.version}", other.language, other.rights_text


@pytest.mark.parametrize(("name", "language", "text"), list(texts_of_packs()))
def test_no_text_of_a_pack_would_stop_a_letter(name: str, language: str, text: str) -> None:
    assert stopped(text, "final_response", language) == []


@pytest.mark.parametrize("language", statements.languages())
def test_no_statement_of_ours_would_stop_a_letter(language: str) -> None:
    for statement in Statement:
        try:
            words = statements.words_of(statement, language)
        except KeyError:
            continue
        text = str(getattr(words, "sentence", "") or "")
        for gap in ("{", "}"):
            text = text.replace(gap, " ")
        assert stopped(text, "final_response", language) == [], statement


def in_the_desk(complaint: Complaint, kind: MessageKind, **facts: object) -> list[Finding]:
    letter = letters.draft(kind, complaint, now=NOW, **facts)
    assert complaint.handler is not None
    found = guarding.findings_in(letter, complaint, kind=kind, by=complaint.handler, now=NOW)
    return [one for one in found if one.blocks and one.rule != "untouched"]


@pytest.mark.parametrize("language", shipped_letters.languages())
def test_every_letter_ships_in_every_language_and_thanks_and_regrets_in_it(language: str) -> None:
    assert set(shipped_letters.in_language(language)) == set(Wording)
    for wording in FINISHED_BY_STAFF:
        text = shipped_letters.in_language(language)[wording]
        context = replace(CONTEXT, kind=wording.value, language=language)
        assert not [
            one for one in inspect(f"{text.subject}\n\n{text.body}", context) if one.family == "courtesy"
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("language", shipped_letters.languages())
def test_no_draft_that_waits_in_a_form_would_be_stopped_for_what_we_wrote_in_it(language: str) -> None:
    """But for the gaps a person must fill, which are there to be filled."""
    customer = CustomerFactory(name="Ruth Calloway", language=language)
    complaint = approved(now=NOW - timedelta(days=2), customer=customer)
    assert letters.draft(MessageKind.OUTCOME, complaint, now=NOW, lines=[]).language == language
    offer = complaint.offers.get(state=OfferState.APPROVED)
    facts = {"offer": offer, "lines": list(offer.lines.all())}
    assert in_the_desk(complaint, MessageKind.OFFER, **facts) == []
    assert in_the_desk(complaint, MessageKind.OUTCOME, lines=facts["lines"]) == []
    asked = investigating(now=NOW - timedelta(days=2), customer=customer)
    found = in_the_desk(asked, MessageKind.QUESTION, questions=["Which card?"], answer_by="5 December")
    assert found == []
    found = in_the_desk(asked, MessageKind.FINAL_RESPONSE, points=[], outcome="upheld")
    assert {one.quote for one in found} <= {letters.SAY_HERE, letters.DECISION_HERE}
    found = in_the_desk(asked, MessageKind.UPDATE)
    assert {one.quote for one in found} <= {letters.SAY_HERE}
