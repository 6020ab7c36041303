"""What a customer newly wrote, without what the mail program quoted below it.

Only the end is ever cut, and only what shows itself to be quoted: marked lines, the head of a letter as programs
write it and what hangs from it, a signature behind its mark. Quotes with an answer below them stay, as they are what
is answered. In doubt all stays: a line too many costs a glance, a line too few costs the customer.
"""

import re
from typing import Final

from complaints.mailroom.reading import quote_words as words

_QUOTED: Final = re.compile(r" {0,2}>(?!From )")
_WORDLESS: Final = re.compile(r"[-_=*~#+\s\u1427]*\Z")  # lines of rules; the last is a tracker's dot
_LABEL: Final = re.compile(r"[\s>*_]{0,9}([^\W\d_][^:：*]{0,20})\*{0,2}\s?[:：]")
_LONGEST_LINE, _LONGEST_ATTRIBUTION, _MOST_LINES = 400, 400, 4
_LONGEST_HEAD = 14
_SOUGHT_LINES = 4_000  # nobody writes more before quoting
_LAYERS = 6  # a signature, a device, a quote, a signature in it …
_SIGNATURE_LINES, _MARKED_SIGNATURE_LINES = 8, 15
_NAME_WORDS = 8
_NECESSARY: Final = frozenset({"from", "date", "to", "subject"})
_ENOUGH_BELOW_A_RULE = 3


def newly_written(text: str) -> str:
    """Never empty where there is text."""
    lines = text.strip("\n").split("\n")
    start, end = _without_head(lines), len(lines)
    history = _history(lines, start)
    end = end if history is None else history
    for _ in range(_LAYERS):
        end = _shorter(lines, start, end)
    left = "\n".join(lines[start:end]).strip("\n").rstrip()
    return left if not _WORDLESS.match(left) else text.strip("\n").rstrip()


def _without_head(lines: list[str]) -> int:
    """Where the head of another letter stands first, with nothing above it, the text below is all there is."""
    first = _next_written(lines, 0)
    if first is None:
        return 0
    if words.ORIGINAL.match(lines[first][:_LONGEST_LINE]) and words.FORWARDED.search(lines[first]):
        below = _next_written(lines, first + 1)
        head = _head_at(lines, below, enough=_ENOUGH_BELOW_A_RULE) if below is not None else None
        return head or 0
    for count in range(1, _MOST_LINES + 1):
        last = first + count - 1
        if last < len(lines) and _is_attribution(lines, first, last, alone=True):
            return 0 if _is_quoted_at(lines, last + 1) or _next_written(lines, last + 1) is None else last + 1
    return 0


def _history(lines: list[str], start: int) -> int | None:
    """Where unmarked history begins, with something new above it."""
    above = _next_written(lines, start)
    if above is None:
        return None
    for number in range(above + 1, min(len(lines), above + _SOUGHT_LINES)):
        begins, below = _head_of_history(lines, number) or (0, 0)
        if begins <= above or _is_quoted_at(lines, below):
            continue  # where lines are marked, the marks say what is quoted
        spoken = "\n".join(lines[above:begins])
        return None if words.ANSWERS_BELOW.search(spoken[:20_000]) else begins
    return None


def _head_of_history(lines: list[str], number: int) -> tuple[int, int] | None:
    """Where what introduces unmarked history begins, if it is found at this line, and where it is over."""
    line = lines[number]
    if len(line) > _LONGEST_LINE or not line.strip() or _is_quoted(line):
        return None
    stripped = line.strip()
    if words.ORIGINAL.match(stripped) or words.WROTE_RULED.match(stripped):
        head = _next_written(lines, number + 1)
        below = _head_at(lines, head, enough=_ENOUGH_BELOW_A_RULE) if head is not None else None
        return number, below or number + 1
    if _LABEL.match(line):
        enough = _ENOUGH_BELOW_A_RULE if _ruled_above(lines, number) else len(_NECESSARY)
        if (below := _head_at(lines, number, enough=enough)) is not None:
            return number, below
    first = _attribution_ending(lines, number, alone=True)
    return None if first is None else (first, number + 1)


def _is_quoted_at(lines: list[str], number: int) -> bool:
    below = _next_written(lines, number)
    return below is not None and _is_quoted(lines[below])


def _ruled_above(lines: list[str], number: int) -> bool:
    above = number - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    return (
        above >= 0 and len(lines[above]) < _LONGEST_LINE and bool(re.match(r"\s*[_-]{5,}\s*\Z", lines[above]))
    )


def _head_at(lines: list[str], number: int, *, enough: int) -> int | None:
    """The line after From, Date, To and Subject, if they stand here and nothing that is not of their kind."""
    kinds: set[str] = set()
    for at in range(number, min(number + _LONGEST_HEAD, len(lines))):
        line = lines[at]
        if not line.strip():
            return at if _is_head(kinds, enough) else None
        label = _LABEL.match(line[:_LONGEST_LINE])
        kind = words.LABELS.get(label[1].strip().lower()) if label else None
        if kind is None and (label or at == number):
            return None  # a form that somebody filled in has other labels
        kinds.add(kind or "continued")
    return min(number + _LONGEST_HEAD, len(lines)) if _is_head(kinds, enough) else None


def _is_head(kinds: set[str], enough: int) -> bool:
    return "from" in kinds and len(kinds & _NECESSARY) >= enough


def _attribution_ending(lines: list[str], number: int, *, alone: bool) -> int | None:
    """The first line of an attribution that ends here: the longest that opens as one does, else the shortest."""
    if not lines[number].rstrip().endswith((":", "：")):
        return None
    firsts = [
        first
        for first in range(max(number - _MOST_LINES + 1, 0), number + 1)
        if _is_attribution(lines, first, number, alone=alone)
    ]
    opening = [first for first in firsts if words.OPENER.match(lines[first].strip())]
    return opening[0] if opening else (firsts[-1] if firsts else None)


def _is_attribution(lines: list[str], first: int, last: int, *, alone: bool) -> bool:
    """“On … Ann <ann@…> wrote:”. Standing alone it must name address and moment; above marked lines either will do."""
    piece = lines[first : last + 1]
    if any(not line.strip() or len(line) > _LONGEST_LINE or _is_quoted(line) for line in piece):
        return False
    if any(re.search(r"[^\d.][.!?]\s*\Z", line) for line in piece[:-1]):
        return False  # a sentence ended in it
    joined = " ".join(line.strip() for line in piece)
    if len(joined) > _LONGEST_ATTRIBUTION or joined.count("<") != joined.count(">"):
        return False
    if not joined.endswith((":", "：")):
        return False
    wrote, address = bool(words.WROTE.search(joined)), bool(words.ADDRESS.search(joined))
    moment = bool(words.MOMENT.search(joined))
    if alone:
        return address and moment and (wrote or joined.endswith(">:"))
    return (wrote and (address or moment)) or (address and moment)


def _shorter(lines: list[str], start: int, end: int) -> int:
    """One thing less at the end, if it is one that may be cut: blank lines, quotes, a signature."""
    bottom = end
    while (
        bottom > start
        and _WORDLESS.match(lines[bottom - 1][:_LONGEST_LINE])
        and not _is_quoted(lines[bottom - 1])
    ):
        if len(lines[bottom - 1]) > _LONGEST_LINE:
            break
        bottom -= 1
    if bottom <= start:
        return bottom
    if _is_quoted(lines[bottom - 1]):
        return _above_quotes(lines, start, bottom)
    if words.SENT_FROM.match(lines[bottom - 1][:_LONGEST_LINE]):
        return bottom - 1
    signature = _signature(lines, start, bottom)
    return bottom if signature is None else signature


def _above_quotes(lines: list[str], start: int, bottom: int) -> int:
    top = bottom
    while top > start and (_is_quoted(lines[top - 1]) or not lines[top - 1].strip()):
        top -= 1
    if top <= start:
        return top
    attribution = _attribution_ending(lines, top - 1, alone=False)
    return top if attribution is None else max(attribution, start)


def _signature(lines: list[str], start: int, bottom: int) -> int | None:
    """Where the signature begins, behind two hyphens; with the blank that belongs to the mark it may be longer."""
    for at in range(bottom - 1, max(start, bottom - 2 * _MARKED_SIGNATURE_LINES) - 1, -1):
        mark = lines[at]
        if mark.rstrip() != "--":
            continue
        below = [line for line in lines[at + 1 : bottom] if line.strip()]
        if mark == "-- ":
            return at if len(below) <= _MARKED_SIGNATURE_LINES else None
        return at if len(below) <= _SIGNATURE_LINES and _looks_like_a_signature(below) else None
    return None


def _looks_like_a_signature(below: list[str]) -> bool:
    """Two hyphens alone may also divide one point from the next."""
    if not below:
        return True
    first = below[0].strip()
    if any(line.rstrip().endswith(("?", "!")) for line in below):
        return False
    return bool(words.CLOSING.match(first)) or _is_name(first) or bool(words.SENT_FROM.match(first))


def _is_name(line: str) -> bool:
    parts = line.split()
    named = [part for part in parts if part[0].isalpha() and "@" not in part and "://" not in part]
    return len(parts) <= _NAME_WORDS and all(part[0].isupper() for part in named) and not line.endswith(".")


def _is_quoted(line: str) -> bool:
    return bool(_QUOTED.match(line))


def _next_written(lines: list[str], number: int) -> int | None:
    return next((at for at in range(number, len(lines)) if lines[at].strip()), None)
