"""What a finding says: where, why, what instead, and whether it stops the letter."""

import gc
import time
from datetime import date, datetime
from decimal import Decimal

import pytest

from complaints.policies import packs
from complaints.policies.guard import LONGEST, Family, Finding, LetterContext, Level, inspect, names_in
from complaints.policies.guard.rulebook import house, shipped
from tests.complaints.policies.guard.corpora import NOW, TEMPLATE


def found(letter: str, family: Family, **context: object) -> list[Finding]:
    asked = LetterContext(**{"now": NOW, **context})  # type: ignore[arg-type]
    return [finding for finding in inspect(letter, asked) if finding.family is family]


def only(letter: str, family: Family, **context: object) -> Finding:
    (finding,) = found(letter, family, **context)
    return finding


def test_a_finding_quotes_the_letter_as_it_stands_there() -> None:
    letter = "Thank you. You’ve FAILED to sign the form."
    finding = only(letter, Family.BLAME)
    assert finding.quote == "You’ve FAILED to"
    assert letter[finding.start : finding.end] == finding.quote
    assert "customer" in finding.reason
    assert finding.suggestion


@pytest.mark.parametrize("done", ["read the terms", "known", "told us sooner", "kept the receipt"])
def test_what_somebody_should_have_done_is_blame_and_no_promise(done: str) -> None:
    letter = f"You should have {done} by 20 December."
    assert {finding.family for finding in inspect(letter, LetterContext(now=NOW))} == {Family.BLAME}


def test_what_somebody_should_have_in_their_hands_soon_is_a_promise() -> None:
    assert only("You should have your refund by 20 December.", Family.PROMISE).due


@pytest.mark.parametrize(("kind", "words"), [(one.kind, one.words) for one in house().lengths])
def test_a_letter_longer_than_its_kind_needs_is_told_so(kind: str, words: int) -> None:
    """C17: an acknowledgement of three hundred words is enough; a final response may take five times as many."""
    sentence = "We looked at it. "
    enough, more = sentence * (words // 4), sentence * (words // 4 + 1)
    assert not [one for one in inspect(enough, LetterContext(kind=kind)) if one.rule == "reading.length"]
    (found,) = [one for one in inspect(more, LetterContext(kind=kind)) if one.rule == "reading.length"]
    assert (found.level, f"{words} are enough" in found.reason) == (Level.ADVICE, True)


def test_a_sentence_that_a_final_response_can_bear_is_too_long_for_an_acknowledgement() -> None:
    sentence = f"We {'will look at it and ' * 5}then we write to you again."
    assert len(sentence.split()) == 33 - 1
    assert not found(sentence, Family.READING, kind="final_response")
    assert [one.rule for one in found(sentence, Family.READING, kind="acknowledgement")] == ["reading.long"]
    assert [one.rule for one in found(f"And {sentence}", Family.READING, kind="final_response")]


def test_the_same_letter_is_always_judged_the_same() -> None:
    letter = "You failed to sign. We guarantee £500 by Friday, [name]! Card 4111 1111 1111 1111."
    context = LetterContext(kind="offer", now=NOW)
    assert inspect(letter, context) == inspect(letter, context)


def test_what_blocks_comes_before_what_is_only_said() -> None:
    levels = [
        finding.level for finding in inspect("You failed us. Call [name].", LetterContext(kind="update"))
    ]
    assert levels == sorted(levels, key=lambda level: level is Level.ADVICE)
    assert {Level.BLOCK, Level.ADVICE} == set(levels)


@pytest.mark.parametrize(
    ("letter", "family", "kind", "level"),
    [
        ("You failed to sign.", Family.BLAME, "update", Level.ADVICE),
        ("You failed to sign.", Family.BLAME, "final_response", Level.BLOCK),
        ("Call [name].", Family.PLACEHOLDER, "update", Level.BLOCK),
        ("Card 4111 1111 1111 1111.", Family.CARD, "question", Level.BLOCK),
        ("We will refund £500.", Family.AMOUNT, "update", Level.BLOCK),
        ("The fee is £500.", Family.AMOUNT, "update", Level.ADVICE),
        ("Pursuant to it.", Family.JARGON, "final_response", Level.ADVICE),
        (TEMPLATE, Family.UNTOUCHED, "update", Level.ADVICE),
        (TEMPLATE, Family.UNTOUCHED, "final_response", Level.BLOCK),
    ],
)
def test_the_kind_of_letter_decides_what_stops_it(
    letter: str, family: Family, kind: str, level: Level
) -> None:
    assert only(letter, family, kind=kind, template=TEMPLATE).level is level


def test_what_the_customer_said_is_not_held_against_us() -> None:
    assert not found('You wrote: "You failed to call, this is your own fault".', Family.BLAME)
    assert found("You failed to call.", Family.BLAME)


def test_an_approved_sum_passes_however_it_is_written_and_another_does_not() -> None:
    approved = frozenset({("GBP", Decimal("1250.00"))})
    for said in ("£1,250", "£1250.00", "GBP 1,250.00", "1.250,00 GBP", "1,250 pounds"):
        assert not found(f"We will refund {said}.", Family.AMOUNT, approved=approved), said
    assert only("We will refund £1,251.", Family.AMOUNT, approved=approved).blocks


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("by 5 December", date(2026, 12, 5)),
        ("by December 5th, 2026", date(2026, 12, 5)),
        ("by 05/12/2026", date(2026, 12, 5)),
        ("by 2026-12-05", date(2026, 12, 5)),
        ("on Friday", date(2026, 11, 27)),
        ("on Monday", date(2026, 11, 30)),
        ("on Friday 4 December", date(2026, 12, 4)),
        ("tomorrow", date(2026, 11, 24)),
        ("by the end of the week", date(2026, 11, 27)),
        ("next week", date(2026, 12, 4)),
        ("by the end of the month", date(2026, 11, 30)),
        ("within two weeks", date(2026, 12, 7)),
        ("within 48 hours", date(2026, 11, 25)),
        ("by 5 January", date(2027, 1, 5)),
    ],
)
def test_a_promise_knows_its_day(said: str, day: date) -> None:
    due = only(f"We will call you {said}.", Family.PROMISE).due
    assert due is not None
    assert due.date() == day


def test_working_days_are_counted_by_the_calendar_of_the_pack() -> None:
    """Christmas and the days after it are no working days in the house's calendar."""
    calendar = packs.pack("house", 1).calendar
    late = datetime(2026, 12, 22, 10, tzinfo=calendar.zone)
    due = only("We will write within five working days.", Family.PROMISE, now=late, calendar=calendar).due
    assert due is not None
    assert due.date() == date(2026, 12, 31)


def test_a_day_the_file_watches_already_is_no_new_promise() -> None:
    letter = "We will write to you by 5 December."
    assert found(letter, Family.PROMISE)
    assert not found(letter, Family.PROMISE, tracked=frozenset({date(2026, 12, 5)}))


def test_the_products_own_marks_are_no_leftovers() -> None:
    assert found("Answer here: [link to the page]", Family.PLACEHOLDER)
    assert not found("Answer here: [link to the page]", Family.PLACEHOLDER, marks=("[link to the page]",))


@pytest.mark.parametrize(
    "number",
    [
        "NHS 943 476 5919", "AB123456C", "219-09-9999", "Steuer-ID 86 095 742 719", "2 55 08 14 168 025 38",
        "12345678Z", "MRTMTT25D09F205Z", "BSN 111222333", "PESEL 44051401359", "811218-9876", "85.07.30-033.28",
        "131052-308T", "756.9217.0769.85", "111.444.777-35", "TFN 123 456 782", "social insurance 130 692 544",
    ],
)  # fmt: skip
def test_the_published_example_of_each_national_number_is_known(number: str) -> None:
    assert only(f"Thank you. {number}", Family.NATIONAL_ID).blocks


def test_names_are_looked_for_where_capitals_stand_together() -> None:
    names = names_in("Dear Ruth Calloway, the Box was for Hans von Berg and Liam O’Rourke. Thank you.")
    assert {"Ruth Calloway", "Hans von Berg", "Liam O’Rourke"} <= set(names)
    assert not any("the" in name.split() for name in names)


@pytest.mark.parametrize("language", shipped())
def test_every_rule_has_its_words(language: str) -> None:
    remarks = {remark.rule for remark in house().remarks}
    assert {
        "promise",
        "promise.undated",
        "card",
        "iban",
        "national_id",
        "untouched",
        "reading.endless",
    } <= remarks
    letter = "[name]! 4111 1111 1111 1111 £500 DE89 3704 0044 0532 0130 00" + " sehr WICHTIG!!" * 50
    for finding in inspect(letter, LetterContext(kind="final_response", language=language, now=NOW)):
        assert finding.reason
        assert finding.suggestion
        assert "{" not in finding.reason + finding.suggestion


def test_a_letter_longer_than_anybody_reads_is_stopped_and_said_so() -> None:
    rules = {
        finding.rule for finding in inspect("Word. " * (LONGEST // 5), LetterContext()) if finding.blocks
    }
    assert rules == {"reading.endless"}


HOSTILE = [
    "you ", "You failed to ", "we will ", "1 ", "4111 ", "GB82 ", "A", "[", "{", "<", "£1 ", "£1,", "we will pay £1. ",
    "! ", '"', "'", "\n\n", "by 1 may ", "C26-", "sorry ", "you should have ", "one hundred and ", "A. ", "a@", "_", "5.",
    "http://", "İ", "1.1.1.", "Dear Ruth Calloway ",
]  # fmt: skip


@pytest.mark.parametrize("bait", HOSTILE)
def test_sec_37_no_megabyte_of_bait_takes_a_second(bait: str) -> None:
    context = LetterContext(
        kind="final_response", now=NOW, template=TEMPLATE, other_names=frozenset({"Ruth Calloway"})
    )
    inspect("warm up", context)
    # A machine that is busy with something else may be slow once; what is slow by itself is slow each time.
    assert any(_seconds(bait, 1_000_000, context) < _a_second() for _ in range(3))
    assert any(_grows_evenly(bait, context) for _ in range(3))


def _grows_evenly(bait: str, context: LetterContext) -> bool:
    """Four times the text takes four times as long, or a little more; growing by the square it took sixteen."""
    short, long = _seconds(bait, LONGEST // 4, context), _seconds(bait, LONGEST, context)
    return long < 10 * short + 0.2


def _a_second() -> float:
    """Of a machine that counts to a million in a twentieth of one; one that is slower, or crowded, takes longer."""
    begun = time.process_time()
    for _ in range(1_000_000):
        pass
    return max(1.0, (time.process_time() - begun) / 0.05)


def _seconds(bait: str, size: int, context: LetterContext) -> float:
    """Without the rubbish of thousands of earlier tests being looked through meanwhile."""
    letter = (bait * (size // len(bait) + 1))[:size]
    gc.disable()
    begun = time.process_time()
    inspect(letter, context)
    took = time.process_time() - begun
    gc.enable()
    return took
