"""What a letter must say by the policy the complaint was received under, and what of it this one lacks (D16, N10).

Where the file knows it (a date, a name, the points), the letter is held against the file; the policy's paragraph on
how to take the matter further against the very words of the policy; the rest against words of ours.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from complaints.policies import letter_text, statements
from complaints.policies.letter_rules import LetterKind, LetterRule, Statement
from complaints.policies.letter_text import LetterText
from complaints.policies.schema import Pack
from complaints.policies.shipped_letters import Phrases, languages, phrases
from complaints.resolution import letter_values, timing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, Deadline, Finding, Point

#: So much of the longer words of an answer must be in the letter for the answer to be.
MOST_OF = 2 / 3
LONGER_WORD = 4
KNOWN = frozenset(kind.value for kind in LetterKind)
OF_SETTLING = statements.OF_RIGHTS | {Statement.DECISION}


@dataclass(frozen=True, slots=True)
class Lacking:
    """`sentence` is what to put in; empty where only a person can say it."""

    statement: Statement
    name: str
    sentence: str


def lacking(
    kind: str, letter: Letter, complaint: Complaint, *, outcome: str = "", until: datetime | None = None
) -> list[Lacking]:
    """What the policy wants of a letter of this kind and this one does not say; nothing where there is no rule.

    `until` is the moment to which this very letter puts a date off, while no clock knows it yet.
    """
    rule = rule_for(kind, complaint)
    if rule is None:
        return []
    case = _Case(complaint, letter, outcome or complaint.outcome, until)
    stated = frozenset(statement for statement in rule.requires if case.states(statement))
    return [case.lacking(statement) for statement in rule.missing(stated)]


def rule_for(kind: str, complaint: Complaint) -> LetterRule | None:
    pack = timing.pack_of(complaint)
    rule = pack.letter(LetterKind(kind)) if kind in KNOWN else None
    return _shorter(pack) if rule is None and kind == LetterKind.SUMMARY_RESOLUTION else rule


def _shorter(pack: Pack) -> LetterRule | None:
    """What is settled with the customer's yes needs no reasons, where the policy has no rule of its own for it."""
    final = pack.letter(LetterKind.FINAL_RESPONSE)
    kept = tuple(one for one in final.requires if one in OF_SETTLING) if final else ()
    return replace(final, requires=kept) if final and kept else None


def completed(letter: Letter, missing: Iterable[Lacking]) -> Letter:
    """The letter with the sentences it lacks, before its farewell."""
    sentences = list(dict.fromkeys(one.sentence for one in missing if one.sentence))
    paragraphs = letter.body.strip().split("\n\n")
    is_signed = len(paragraphs) > 1 and settings.FIRM_NAME in paragraphs[-1]
    paragraphs[-1:] = [*sentences, paragraphs[-1]] if is_signed else [paragraphs[-1], *sentences]
    return replace(letter, body="\n\n".join(paragraphs) + "\n")


@dataclass
class _Case:
    complaint: Complaint
    letter: Letter
    outcome: str
    until: datetime | None = None

    @cached_property
    def pack(self) -> Pack:
        return timing.pack_of(self.complaint)

    @cached_property
    def language(self) -> str:
        return self.letter.language or self.pack.language

    @cached_property
    def rights(self) -> str:
        return self.pack.rights_in(self.language)

    @cached_property
    def spoken(self) -> Phrases:
        return phrases(self.language)

    @cached_property
    def said(self) -> str:
        return statements.tidy(f"{self.letter.subject}\n{self.letter.body}")

    @cached_property
    def finding(self) -> Finding | None:
        return Finding.objects.filter(complaint=self.complaint).first()

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return list(self.complaint.deadlines.running().order_by("due_at"))

    @cached_property
    def unanswered(self) -> list[Point]:
        """Points of which the letter says neither the point itself nor most of its answer."""
        return [point for point in self.complaint.points.all() if not self._speaks_of(point)]

    def _speaks_of(self, point: Point) -> bool:
        if self.holds(point.text) or self.holds(point.answer):
            return True
        words = [word for word in statements.tidy(point.answer).split() if len(word) >= LONGER_WORD]
        return bool(words) and sum(word in self.said for word in words) >= MOST_OF * len(words)

    def holds(self, text: str) -> bool:
        return bool(text.strip()) and statements.tidy(text) in self.said

    def states(self, statement: Statement) -> bool:
        if statement in statements.OF_RIGHTS:
            return self.holds(self.rights) or self.holds(self.pack.rights_text)
        if check := BY_THE_FILE.get(statement):
            return check(self)
        return statements.says(self.said, statement)

    def lacking(self, statement: Statement) -> Lacking:
        words = statements.words_of(statement, self.language)
        sentence = letter_text.fill(LetterText("", words.sentence), self.values).body.strip()
        # A sentence with nothing in its gap is no sentence.
        has_gap = any("{" + name + "}" in words.sentence for name, value in self.values.items() if not value)
        return Lacking(statement, words.name, "" if has_gap else sentence)

    @cached_property
    def values(self) -> dict[str, str]:
        with override(self.spoken.locale):
            final = next((one for one in self.deadlines if one.clock == "final_response"), None)
            last = final or (self.deadlines[-1] if self.deadlines else None)
            return {
                **letter_values.of_complaint(self.complaint, self.spoken),
                **letter_values.of_facts({"finding": self.finding, "points": self.unanswered}, self.spoken),
                "received_on": letter_values.written(self.complaint.received_at, self.spoken.date),
                "final_response_by": letter_values.written(
                    last.due_at if last else None, self.spoken.long_date
                ),
                "expected_by": letter_values.written(self.expected, self.spoken.long_date),
                "decision": statements.decision(self.outcome, self.language),
                "remedy": statements.remedy(self.outcome, self.language),
                "rights": self.rights.strip(),
            }

    @property
    def expected(self) -> datetime | None:
        """The latest: a letter that puts a date off is sent when the new one is reckoned."""
        return self.until or (self.deadlines[-1].due_at if self.deadlines else None)

    def names_a_date(self) -> bool:
        """A day on which one of our clocks runs out; where none runs there is nothing to promise."""
        ends = [self.until] if self.until else [deadline.due_at for deadline in self.deadlines]
        days = [localtime(end) for end in ends]
        for language in languages():
            spoken = phrases(language)
            with override(spoken.locale):
                if any(self.holds(date_format(day, spoken.date)) for day in days):
                    return True
        return not days


BY_THE_FILE: dict[Statement, Callable[[_Case], bool]] = {
    Statement.WHO_HANDLES_IT: lambda case: (
        case.holds(settings.FIRM_PHONE) or case.holds(case.values["signed_by"])
    ),
    Statement.ANSWER_BY: _Case.names_a_date,
    Statement.EXPECTED_BY: _Case.names_a_date,
    Statement.ALL_POINTS: lambda case: not case.unanswered,
    Statement.REASONS: lambda case: (
        (case.finding is not None and case.holds(case.finding.explanation))
        or statements.says(case.said, Statement.REASONS)
    ),
}
