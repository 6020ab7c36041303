"""The small language letters are written in: words, {names}, and lines that depend on a name.

    [if by_email]
    You can answer on this page: {answer_page}
    [else]
    You can answer by letter or by telephone.
    [end]

A text is cut into pieces before any value is known, and a value is never looked into: whatever a customer is called
or has written comes out as it was typed. A name that is not on the letter's list stands for nothing and is refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from complaints.policies.exceptions import BadLetterText
from complaints.policies.letter_names import Name

LONGEST_SUBJECT = 150
LONGEST_BODY = 20_000

DIRECTIVE = re.compile(r"\[(?:if ([a-z_]+)|(else)|(end))\][ \t]*")
LIKE_A_DIRECTIVE = re.compile(r"\s*\[\s*(?:if|else|elif|end|endif)\b", re.IGNORECASE)
IN_BRACES = re.compile(r"\{+[^{}\n]*\}*|\}+")
NAME = re.compile(r"\{([a-z_]+)\}")
NOT_UNDERSTOOD = "“{}” is not understood. A line says [if name], [else] or [end], alone."


@dataclass(frozen=True, slots=True)
class LetterText:
    subject: str
    body: str


def check(text: LetterText, names: Mapping[str, Name]) -> None:
    """Raises BadLetterText with everything that is wrong, each with the line it stands in."""
    problems = [*_subject_problems(text.subject, names), *_body_problems(text.body, names)]
    if problems:
        raise BadLetterText(problems)


def _subject_problems(subject: str, names: Mapping[str, Name]) -> Iterator[str]:
    if not subject.strip():
        yield "The letter needs a subject."
    if len(subject) > LONGEST_SUBJECT:
        yield f"The subject is longer than {LONGEST_SUBJECT} characters."
    if "\n" in subject or "\r" in subject:
        yield "The subject is one line."
    if LIKE_A_DIRECTIVE.match(subject):
        yield "A subject cannot depend on anything."
    for problem in _name_problems(subject, names):
        yield f"Subject: {problem}"


def _body_problems(body: str, names: Mapping[str, Name]) -> Iterator[str]:
    if not body.strip():
        yield "The letter is empty."
    if len(body) > LONGEST_BODY:
        yield f"The letter is longer than {LONGEST_BODY} characters."
        return
    if "\0" in body:
        yield "The letter holds a character that cannot be stored."
    for number, line in enumerate(body.splitlines(), start=1):
        for problem in _name_problems(line, names):
            yield f"Line {number}: {problem}"
    yield from _nesting_problems(body, names)


def _name_problems(line: str, names: Mapping[str, Name]) -> Iterator[str]:
    for found in IN_BRACES.finditer(line):
        written = found.group()
        match = NAME.fullmatch(written)
        name = names.get(match.group(1)) if match else None
        if name is None:
            yield f"“{written[:60]}” stands for nothing in this letter. Use a name from its list."
        elif name.only_asked:
            yield f"“{written}” is only for asking: [if {name.code}]."


def _nesting_problems(body: str, names: Mapping[str, Name]) -> Iterator[str]:
    block = _Block(names)
    for number, line in enumerate(body.splitlines(), start=1):
        directive = DIRECTIVE.fullmatch(line)
        if directive:
            problem = block.meet(directive, number)
        else:
            problem = NOT_UNDERSTOOD.format(line.strip()[:60]) if LIKE_A_DIRECTIVE.match(line) else ""
        if problem:
            yield f"Line {number}: {problem}"
    if block.opened:
        yield f"Line {block.opened}: this [if …] has no [end]."


@dataclass(slots=True)
class _Block:
    """The [if …] that is open, by its line; none inside another, so that a letter can be read by anybody."""

    names: Mapping[str, Name]
    opened: int = 0
    has_else: bool = False

    def meet(self, directive: re.Match[str], number: int) -> str:
        asked, is_else, _ = directive.groups()
        if asked:
            return self._open(asked, number)
        if not self.opened:
            return "there is no [if …] before it."
        if is_else and self.has_else:
            return "there already is an [else]."
        self.has_else = bool(is_else)
        self.opened = self.opened if is_else else 0
        return ""

    def _open(self, asked: str, number: int) -> str:
        before, self.opened, self.has_else = self.opened, number, False
        if before:
            return f"one [if …] cannot stand inside another. The one of line {before} is still open."
        if asked not in self.names:
            return f"“{asked}” stands for nothing in this letter. Use a name from its list."
        return ""


def fill(text: LetterText, values: Mapping[str, str]) -> LetterText:
    """The letter with its values. What is asked for and missing raises BadLetterText."""
    subject = " ".join(_put_in(text.subject, values).split())
    return LetterText(subject, "\n".join(_lines(text.body, values)).strip() + "\n")


def _lines(body: str, values: Mapping[str, str]) -> Iterator[str]:
    """The lines that count, without the double gap where some between two blank ones do not."""
    last, joint = "", True
    for line in _chosen(body, values):
        if line is None:
            joint = True
            continue
        if joint and not line.strip() and not last.strip():
            continue
        joint, last = False, line
        yield _put_in(line, values)


def _chosen(body: str, values: Mapping[str, str]) -> Iterator[str | None]:
    """Each line that counts; None where a line was left out."""
    counts = True
    for line in body.splitlines():
        directive = DIRECTIVE.fullmatch(line)
        if directive is None:
            alone = NAME.fullmatch(line.strip())
            is_empty = alone is not None and not values.get(alone.group(1), "x")
            yield line.rstrip() if counts and not is_empty else None
            continue
        asked, is_else, _ = directive.groups()
        counts = bool(_value(asked, values)) if asked else (not counts if is_else else True)
        yield None


def _put_in(line: str, values: Mapping[str, str]) -> str:
    return NAME.sub(lambda found: _value(found.group(1), values), line)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise BadLetterText([f"“{name}” has no value in this letter."])
    return values[name]
