"""What the letter says we will do, and by when. A date alone promises nothing; nor does a question, a no, or an if."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.dates import Day, days_in
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.phrases import Match, Phrases, tree_of
from complaints.policies.guard.rulebook import Language
from complaints.policies.guard.text import Place, Text


def promises(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    """One finding for each day a sentence promises, or one without a day where it names none."""
    days = days_in(text, language, context)
    starts = [day.start for day in days]
    will = sorted(_undertaken(text, language))
    for tokens in text.sentences:
        at = bisect_right(will, tokens.start - 1)
        if at == len(will) or will[at] >= tokens.stop or _is_conditional(text, tokens, will[at], language):
            continue
        place = text.place_of(tokens)
        told = days[bisect_right(starts, place.start - 1) : bisect_right(starts, place.end)]
        if not _asks(text, place) and not text.is_quoted(text.places[will[at]].start):
            yield from _promised(place, told, context)


def _promised(place: Place, told: list[Day], context: LetterContext) -> Iterator[Hit]:
    coming = [day for day in told if context.now is None or day.due >= context.now]
    new = [day for day in coming if day.due.date() not in context.tracked]
    for day in new:
        yield Hit(Family.PROMISE, "promise", place.start, place.end, due=day.due)
    if not told:
        yield Hit(Family.PROMISE, "promise.undated", place.start, place.end)


def _undertaken(text: Text, language: Language) -> set[int]:
    """Where somebody of ours says they will: the first word of each such phrase."""
    says, excuses = _trees(language)
    excused = {at for match in excuses.find(text) for at in _span(match)}
    return {match.first for match in says.find(text) if match.first not in excused}


def _span(match: Match[str]) -> range:
    return range(match.first, match.last + 1)


def _is_conditional(text: Text, tokens: range, will: int, language: Language) -> bool:
    conditions = language.promising.conditions
    return any(text.tokens[at] in conditions for at in range(tokens.start, will))


def _asks(text: Text, place: Place) -> bool:
    return text.plain[place.end : place.end + 1] == "?"


@cache
def _trees(language: Language) -> tuple[Phrases[str], Phrases[str]]:
    return tree_of(language.promising.undertakings), tree_of(language.promising.not_ours)
