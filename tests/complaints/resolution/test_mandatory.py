"""A letter says what the policy wants of it, or it does not go (D16)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from complaints.followups.actions import send_due
from complaints.policies import packs, statements
from complaints.policies.letter_rules import Statement
from complaints.policies.statements import words_of
from complaints.resolution import actions, letters, mandatory
from complaints.resolution.actors import System
from complaints.resolution.exceptions import LetterUnfinished, StatementMissing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, Customer, MessageKind, Outcome, State
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
RIGHTS = packs.pack("house", 1).rights_text.strip()
PACKS = sorted(packs.shipped())


def found(**details: Any) -> Complaint:
    complaint = factories.investigating(**details)
    assert complaint.handler is not None
    factories.find(complaint, by=complaint.handler, now=NOW)
    complaint.refresh_from_db()
    return complaint


def final(complaint: Complaint, outcome: Outcome = Outcome.NOT_UPHELD) -> Letter:
    finding, points = complaint.finding, list(complaint.points.all())
    return letters.draft(
        MessageKind.FINAL_RESPONSE, complaint, now=NOW, outcome=outcome, finding=finding, points=points
    )


def respond(complaint: Complaint, letter: Letter) -> Complaint:
    assert complaint.handler is not None
    return actions.respond(
        complaint, outcome=Outcome.NOT_UPHELD, letter=letter, by=complaint.handler, now=NOW
    )


def lacks(complaint: Complaint, letter: Letter) -> list[Statement]:
    found = mandatory.lacking(MessageKind.FINAL_RESPONSE, letter, complaint, outcome=Outcome.NOT_UPHELD)
    return [one.statement for one in found]


def test_a_final_response_as_it_is_drafted_says_all_and_goes() -> None:
    complaint = found()
    assert lacks(complaint, final(complaint)) == []
    assert respond(complaint, final(complaint)).state == State.ANSWERED


def test_the_paragraph_on_taking_it_further_is_in_the_draft_and_cannot_be_taken_out() -> None:
    complaint = found()
    draft = final(complaint)
    assert RIGHTS in draft.body
    with pytest.raises(StatementMissing, match="how to take the matter further") as refused:
        respond(complaint, replace(draft, body=draft.body.replace(RIGHTS, "")))
    assert refused.value.sentences == (RIGHTS,)
    complaint.refresh_from_db()
    assert complaint.state == State.INVESTIGATING
    assert not complaint.messages.filter(kind=MessageKind.FINAL_RESPONSE).exists()


def test_a_word_changed_in_that_paragraph_is_another_paragraph() -> None:
    complaint = found()
    draft = final(complaint)
    assert lacks(complaint, replace(draft, body=draft.body.replace("do not have to", "have to"))) == [
        Statement.RIGHT_TO_REFER
    ]
    assert lacks(complaint, replace(draft, body=draft.body.replace(" and ", "  and\n"))) == []


def test_everything_that_is_missing_is_told_at_once_and_what_we_can_say_is_offered() -> None:
    complaint = found()
    actions.add_point(complaint, text="Nobody called back.", by=complaint.handler, now=NOW)  # type: ignore[arg-type]
    bare = Letter("Hello", "Dear customer,\n\nthank you.\n\nKind regards\nNorthgate Travel")
    missing = mandatory.lacking(MessageKind.FINAL_RESPONSE, bare, complaint, outcome=Outcome.NOT_UPHELD)
    assert [one.statement for one in missing] == [
        Statement.DECISION,
        Statement.REASONS,
        Statement.ALL_POINTS,
        Statement.REMEDY_OR_REFUSAL,
        Statement.RIGHT_TO_REFER,
    ]
    whole = mandatory.completed(bare, missing)
    assert lacks(complaint, whole) == []
    assert whole.body.startswith("Dear customer,\n\nthank you.\n\nWe do not uphold your complaint.\n\n")
    assert whole.body.endswith(f"{RIGHTS}\n\nKind regards\nNorthgate Travel\n")


def test_a_point_is_answered_by_most_of_the_words_of_its_answer() -> None:
    complaint = found()
    handler = complaint.handler
    assert handler is not None
    point = actions.add_point(complaint, text="Nobody called back.", by=handler, now=NOW)
    answer = "Our colleague telephoned twice on Tuesday and reached nobody."
    actions.answer_point(point, answer=answer, outcome=Outcome.NOT_UPHELD, by=handler, now=NOW)
    draft = final(complaint)
    told = "On Tuesday our colleague telephoned you twice, and reached nobody."
    rewritten = replace(draft, body=draft.body.replace(f"Nobody called back.\n{answer}", told))
    assert told in rewritten.body
    assert lacks(complaint, rewritten) == []
    silent = replace(draft, body=draft.body.replace(f"Nobody called back.\n{answer}", "We are sorry."))
    assert lacks(complaint, silent) == [Statement.ALL_POINTS]


def test_a_decision_that_was_not_filled_in_keeps_the_letter_here() -> None:
    complaint = found()
    draft = letters.draft(MessageKind.FINAL_RESPONSE, complaint, now=NOW, finding=complaint.finding)
    with pytest.raises(LetterUnfinished, match="our decision"):
        respond(complaint, draft)
    assert "We do not uphold" in letters.decided(draft, Outcome.NOT_UPHELD).body


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("code", PACKS)
def test_under_every_pack_a_drafted_final_response_says_all_with_what_is_offered(
    code: str, outcome: Outcome
) -> None:
    complaint = found()
    Complaint.objects.filter(pk=complaint.pk).update(
        pack_code=code, pack_version=packs.versions(code)[-1].version
    )
    complaint.refresh_from_db()
    draft = final(complaint, outcome)
    missing = mandatory.lacking(MessageKind.FINAL_RESPONSE, draft, complaint, outcome=outcome)
    assert {one.statement for one in missing} <= {Statement.OUTSTANDING_ACTIONS}
    whole = mandatory.completed(draft, missing)
    assert mandatory.lacking(MessageKind.FINAL_RESPONSE, whole, complaint, outcome=outcome) == []


@pytest.mark.parametrize("outcome", Outcome)
def test_a_final_response_in_german_says_all_and_what_it_lacks_is_put_in_in_german(outcome: Outcome) -> None:
    complaint = found(customer=factories.CustomerFactory(language="de"))
    draft = final(complaint, outcome)
    assert draft.body.startswith("Guten Tag ")
    assert mandatory.lacking(MessageKind.FINAL_RESPONSE, draft, complaint, outcome=outcome) == []
    bare = Letter("Antwort", "Guten Tag.", template=draft.template)
    missing = mandatory.lacking(MessageKind.FINAL_RESPONSE, bare, complaint, outcome=outcome)
    assert missing[0].name == "what we decided"
    assert missing[0].sentence in draft.body
    whole = mandatory.completed(bare, missing)
    assert mandatory.lacking(MessageKind.FINAL_RESPONSE, whole, complaint, outcome=outcome) == []


@pytest.mark.parametrize("code", PACKS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_under_every_pack_the_automatic_acknowledgement_says_all(
    code: str, language: str, settings: object
) -> None:
    settings.FIRM_POLICY_PACK = code  # type: ignore[attr-defined]
    customer = factories.CustomerFactory(language=language)
    complaint = factories.received(customer=customer)
    assert complaint.pack_code == code
    send_due(now=NOW) or send_due(now=complaint.planned_letters.get().due_at)
    message = complaint.messages.get(kind=MessageKind.ACKNOWLEDGEMENT)
    letter = Letter(message.subject, message.body, template=message.template)
    assert mandatory.lacking(MessageKind.ACKNOWLEDGEMENT, letter, complaint) == []


def test_what_goes_by_itself_is_completed_and_what_a_person_writes_is_refused() -> None:
    complaint = factories.received()
    bare = Letter("Thank you", "Thank you for telling us.")
    with pytest.raises(StatementMissing, match="by when we answer"):
        actions.acknowledge_by_letter(
            complaint, letter=bare, by=factories.handler_user(), now=NOW, key="acknowledgement:1"
        )
    due: datetime = complaint.deadlines.get(clock="final_response").due_at
    message = actions.acknowledge_by_letter(
        complaint, letter=bare, by=System.FOLLOW_UP, now=NOW, key="acknowledgement:1"
    )
    assert date_format(localtime(due), "j F Y") in message.body


def test_what_is_settled_with_a_yes_needs_no_reasons_but_how_to_take_it_further() -> None:
    complaint = factories.investigating()
    bare = Letter("Done", "Dear Ann,\n\nyour seat is changed, as you wished.")
    missing = mandatory.lacking("summary_resolution", bare, complaint, outcome=Outcome.UPHELD)
    assert [one.statement for one in missing] == [Statement.DECISION, Statement.RIGHT_TO_REFER]


def test_a_delay_notice_says_why_until_when_and_where_else_one_may_go() -> None:
    complaint = found()
    pack = packs.versions("uk_disp")[-1]
    Complaint.objects.filter(pk=complaint.pk).update(pack_code=pack.code, pack_version=pack.version)
    complaint.refresh_from_db()
    bare = Letter("Not yet", "Dear Ann,\n\nwe need more time, because the bank has not answered.")
    missing = mandatory.lacking(MessageKind.DELAY_NOTICE, bare, complaint)
    assert missing[0].statement == Statement.EXPECTED_BY
    assert {one.sentence for one in missing[1:]} == {pack.rights_text.strip()}
    last = complaint.deadlines.running().latest("due_at").due_at
    assert missing[0].sentence == f"We expect to answer by {date_format(localtime(last), 'l j F Y')}."
    whole = mandatory.completed(bare, missing)
    assert mandatory.lacking(MessageKind.DELAY_NOTICE, whole, complaint) == []


def test_a_letter_of_which_the_policy_asks_nothing_may_say_what_it_likes() -> None:
    complaint = factories.investigating()
    assert mandatory.lacking(MessageKind.UPDATE, Letter("Hello", "Hello"), complaint) == []


@pytest.mark.parametrize("language", ["en-GB", "de"])
@pytest.mark.parametrize("statement", Statement)
def test_every_statement_has_words(statement: Statement, language: str) -> None:
    assert words_of(statement, language).name


def test_the_letter_of_the_tests_says_what_the_house_wants() -> None:
    assert lacks(found(), LETTER) == []


def test_how_to_take_it_further_is_said_in_the_language_of_the_letter_where_the_pack_has_words() -> None:
    complaint = found()
    german = packs.pack("house", 1).rights_in("de-AT").strip()
    assert german != RIGHTS
    letter = letters.draft(MessageKind.FINAL_RESPONSE, complaint, now=NOW)
    assert RIGHTS in letter.body
    Customer.objects.filter(complaints=complaint).update(language="de-AT")
    complaint = Complaint.objects.get(pk=complaint.pk)
    letter = letters.draft(MessageKind.FINAL_RESPONSE, complaint, now=NOW)
    assert german in letter.body
    assert RIGHTS not in letter.body
    bare = replace(letter, body=letter.body.replace(german, ""))
    (missing,) = [one for one in missing_rights(bare, complaint) if one.sentence]
    assert missing.sentence == german
    assert (
        missing_rights(letter, complaint)
        == missing_rights(replace(bare, body=bare.body + RIGHTS), complaint)
        == []
    )


def missing_rights(letter: Letter, complaint: Complaint) -> list[mandatory.Lacking]:
    lacking = mandatory.lacking(MessageKind.FINAL_RESPONSE, letter, complaint, outcome=Outcome.UPHELD)
    return [one for one in lacking if one.statement in statements.OF_RIGHTS]


def test_a_pack_without_words_in_the_language_keeps_its_own() -> None:
    pack = packs.versions("uk_disp")[-1]
    assert pack.rights_in("de") == pack.rights_in("en-AU") == pack.rights_text
