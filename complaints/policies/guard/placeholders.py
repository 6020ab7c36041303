"""What somebody forgot to fill in. The product's own marks, filled in on sending, are told apart by the context."""

import re
from collections.abc import Iterator
from functools import cache

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.phrases import Phrases, tree_of
from complaints.policies.guard.rulebook import Language
from complaints.policies.guard.text import Text

#: Never meant for a reader, whatever stands inside.
ALWAYS = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|\$\{[^{}\n]{1,80}\}|%\([a-z_]{1,40}\)s|%[A-Z][A-Z_]{2,40}%"
    r"|\{[^{}\n]{1,80}\}|<<[^<>\n]{1,80}>>|__[A-Za-z]{2,30}(?:_[A-Za-z]{1,30}){0,5}__|_{4,}|\?{3,}|\.{6,}"
    r"|[£€$] ?(?:[xX]{1,6}(?:[.,][xX]{2})?|0{2,}\.0{2}|_{2,})(?!\w)|(?<!\w)[xX]{3,}(?!\w)"
    r"|(?<!\w)(?:[dD]{2}|[tT]{2})[./-][mM]{2}[./-](?:[yY]{2,4}|[jJ]{2,4})(?!\w)"
)
BRACKETS = re.compile(r"\[([^\[\]\n]{1,60})\]|<([^<>\n]{1,60})>")
ROMAN = re.compile(r"[IVX]{1,6}")
WORD = re.compile(r"[^\W\d_]+")


def placeholders(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    marked = _without(text.plain, context.marks)
    for match in ALWAYS.finditer(marked):
        yield Hit(Family.PLACEHOLDER, "placeholder", match.start(), match.end())
    for match in BRACKETS.finditer(marked):
        if _is_slot(match.group(1) or match.group(2), language):
            yield Hit(Family.PLACEHOLDER, "placeholder", match.start(), match.end())
    for found in _phrases(language).find(text):
        start, end = text.places[found.first].start, text.places[found.last].end
        if not text.is_quoted(start):
            yield Hit(Family.PLACEHOLDER, "placeholder", start, end)


def _without(plain: str, marks: tuple[str, ...]) -> str:
    for mark in marks:
        plain = plain.replace(mark, " " * len(mark))
    return plain


def _is_slot(inside: str, language: Language) -> bool:
    """Does this bracket wait for something? Initials alone do, too: [NAME]. A footnote [1] or [sic] does not."""
    known = language.placeholders
    if inside.strip().lower() in known.unless:
        return False
    words = [word for word in WORD.findall(inside) if not ROMAN.fullmatch(word)]
    if not words:
        return False
    loud = all(word.isupper() and len(word) > 1 for word in words)
    return loud or "_" in inside or any(word.lower() in known.slots for word in words)


@cache
def _phrases(language: Language) -> Phrases[str]:
    return tree_of(language.placeholders.says)
