"""Sums of money: given away without an approved offer behind them, or named though the file knows nothing of them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from complaints.policies.guard.context import LetterContext, Sum
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.phrases import Phrases, tree_of
from complaints.policies.guard.rulebook import Language, language
from complaints.policies.guard.text import Text

DOLLARS = frozenset({"USD", "AUD", "CAD", "NZD"})
SIGNS: dict[str, frozenset[str]] = {
    "£": frozenset({"GBP"}), "€": frozenset({"EUR"}), "$": DOLLARS, "us$": frozenset({"USD"}),
    "a$": frozenset({"AUD"}), "c$": frozenset({"CAD"}), "gbp": frozenset({"GBP"}), "eur": frozenset({"EUR"}),
    "usd": frozenset({"USD"}), "aud": frozenset({"AUD"}), "cad": frozenset({"CAD"}), "chf": frozenset({"CHF"}),
}  # fmt: skip
NUMBER = r"\d{1,3}(?:[,.' ]\d{3}){1,4}(?:[.,]\d{1,2})?(?!\d)|\d{1,12}(?:[.,]\d{1,2})?(?![\d])"
MOST_WORDS = 100_000
THOUSANDS = {"k": 1000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Named:
    currencies: frozenset[str]
    amount: Decimal
    start: int
    end: int

    def is_in(self, sums: frozenset[tuple[str, Decimal]]) -> bool:
        return any((currency, self.amount) in sums for currency in self.currencies)


def amounts(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    found = sums_in(text, language)
    if not found:
        return
    granting = _granting_spans(text, language)
    starts = [start for start, _ in granting]
    for named in found:
        if named.is_in(context.approved):
            continue
        at = bisect_right(starts, named.start) - 1
        if at >= 0 and named.start < granting[at][1]:
            yield Hit(Family.AMOUNT, "amount.granted", named.start, named.end)
        elif not named.is_in(context.named):
            yield Hit(Family.AMOUNT, "amount.named", named.start, named.end)


def sums_in(text: Text, language: Language) -> list[Named]:
    """Every sum of money, in figures or in words."""
    figures = [
        Named(_currencies(match, language), _amount(match), match.start(), match.end())
        for match in _pattern(language).finditer(text.low)
    ]
    return figures + list(_spelt(text, language))


def _granting_spans(text: Text, language: Language) -> list[tuple[int, int]]:
    """The sentences in which something is given."""
    tree, excuses = _granting(language)
    excused = {at for match in excuses.find(text) for at in range(match.first, match.last + 1)}
    giving = {
        match.first for match in tree.find(text) if excused.isdisjoint(range(match.first, match.last + 1))
    }
    places = (text.place_of(tokens) for tokens in text.sentences if not giving.isdisjoint(tokens))
    return [(place.start, place.end + 1) for place in places]


@cache
def _granting(language: Language) -> tuple[Phrases[str], Phrases[str]]:
    return tree_of(language.granting.says), tree_of(language.granting.unless)


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    spoken = "|".join(re.escape(one.short) for one in language.granting.currencies)
    codes = r"us\$|a\$|c\$|[£€$]|(?<![a-z])(?:gbp|eur|usd|aud|cad|chf)"
    return re.compile(
        rf"(?P<sign>{codes}) ?(?P<first>{NUMBER})(?P<k> ?[km](?![a-z]))?"
        rf"|(?<![\d.,])(?P<then>{NUMBER}) ?(?P<after>[£€]|(?:gbp|eur|usd|aud|cad|chf|{spoken})(?![a-zäöü]))"
    )


def _currencies(match: re.Match[str], language: Language) -> frozenset[str]:
    sign = match.group("sign") or match.group("after")
    spoken = {one.short: frozenset(one.long.split()) for one in language.granting.currencies}
    return SIGNS.get(sign) or spoken[sign]


def _amount(match: re.Match[str]) -> Decimal:
    amount = number(match.group("first") or match.group("then"))
    if match.group("k"):
        amount *= THOUSANDS[match.group("k").strip()]
    return amount / 100 if match.group("after") in {"pence", "p", "cent", "cents"} else amount


def number(figures: str) -> Decimal:
    """1,250.00 and 1.250,00 are the same: what stands before two last figures or fewer is the decimal sign."""
    whole, point, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", figures).groups()  # type: ignore[union-attr]  # matches whatever comes
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}{'.' if point else ''}{cents or ''}")


def _spelt(text: Text, language: Language) -> Iterator[Named]:
    """Fifty pounds; two hundred and fifty euros."""
    values = {one.short: int(one.long) for one in language.granting.numbers}
    spoken = {one.short: frozenset(one.long.split()) for one in language.granting.currencies}
    run: list[int] = []
    for at, token in enumerate(text.tokens):
        if token in values or (run and token in {"and", "und"}):
            run.append(at)
            continue
        if run and token in spoken:
            amount = _add_up([values[text.tokens[one]] for one in run if text.tokens[one] in values])
            yield Named(spoken[token], amount, text.places[run[0]].start, text.places[at].end)
        run = []


def _add_up(values: list[int]) -> Decimal:
    total, part = 0, 0
    for value in values:
        if value >= 1000:  # noqa: PLR2004 - a thousand closes what came before it
            total, part = total + max(part, 1) * value, 0
        elif value == 100:  # noqa: PLR2004
            part = max(part, 1) * value
        else:
            part += value
    return Decimal(total + part)


def sums_named(words: str, code: str) -> frozenset[Sum]:
    """Every sum somebody speaks of, in every currency the sign may mean."""
    rules = language(code)
    found = sums_in(rules.reading_of(words[:MOST_WORDS]), rules)
    return frozenset((currency, named.amount) for named in found for currency in named.currencies)
