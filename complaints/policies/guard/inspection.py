"""The guard: every rule asked of one letter. The same letter in the same context is always judged the same."""

from collections.abc import Callable, Iterator
from itertools import chain

from complaints.policies.guard.amounts import amounts
from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.courtesies import apologies, courtesy, untouched
from complaints.policies.guard.findings import Family, Finding, Hit
from complaints.policies.guard.national_ids import national_ids
from complaints.policies.guard.numbers import cards, ibans
from complaints.policies.guard.others import others
from complaints.policies.guard.placeholders import placeholders
from complaints.policies.guard.promises import promises
from complaints.policies.guard.readability import reading
from complaints.policies.guard.rulebook import Language, house, language, shipped
from complaints.policies.guard.shouting import shouting
from complaints.policies.guard.text import Text
from complaints.policies.guard.tones import jargon, tones

Rule = Callable[[Text, Language, LetterContext], Iterator[Hit]]
#: A letter of a dozen pages. What is longer is read so far only, and does not leave without a word why.
LONGEST = 40_000
RULES: tuple[Rule, ...] = (
    tones, shouting, jargon, reading, untouched, placeholders, courtesy, apologies, amounts, promises, cards, ibans,
    national_ids, others,
)  # fmt: skip


def inspect(letter: str, context: LetterContext) -> tuple[Finding, ...]:
    """What stands against this letter: blocks before advice, then in the order of the letter."""
    words = language(context.language)
    text = words.reading_of(letter[:LONGEST])
    hits = chain.from_iterable(rule(text, words, context) for rule in RULES)
    if len(letter) > LONGEST:
        hits = chain(hits, [Hit(Family.READING, "reading.endless")])
    found = [_finding(hit, text, words, context) for hit in _once(hits)]
    return tuple(sorted(found, key=lambda finding: (not finding.blocks, finding.start, finding.end)))


def _once(hits: Iterator[Hit]) -> Iterator[Hit]:
    """Of findings of one family that overlap, the longest of the first."""
    reached: dict[Family, tuple[int, int]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        begun, ended = reached.get(hit.family, (-1, 0))
        another_day = hit.due is not None and (hit.start, hit.end) == (begun, ended)
        if hit.end == 0 or hit.start >= ended or another_day:
            yield hit
            reached[hit.family] = (hit.start, max(hit.end, ended))


def _finding(hit: Hit, text: Text, words: Language, context: LetterContext) -> Finding:
    reason, suggestion = _words_for(hit, words)
    return Finding(
        family=hit.family,
        rule=hit.rule,
        start=hit.start,
        end=hit.end,
        quote=text.quote(hit.start, hit.end),
        reason=reason.format(**hit.facts),
        suggestion=suggestion.format(**hit.facts),
        level=house().level(hit.family, hit.rule, context.kind),
        due=hit.due,
    )


def _words_for(hit: Hit, words: Language) -> tuple[str, str]:
    if hit.rule in words.tones_by_rule:
        tone = words.tones_by_rule[hit.rule]
        return tone.reason, tone.suggestion
    remark = house().remark(hit.rule)
    return remark.reason, remark.suggestion


def check_rules() -> None:
    """Read every rule file and every phrase in it. Raises what is wrong with the first that is."""
    house()
    for code in shipped():
        text, context = language(code).reading_of("A word."), LetterContext(language=code)
        for rule in RULES:
            list(rule(text, language(code), context))
