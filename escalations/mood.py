"""How heated the customer's own words are, by a short list anybody can read (mood.toml). Guesses nothing else."""

import re
import tomllib
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("mood.toml")
SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{4,}\b")
#: So many words in capitals, or so many exclamation marks in a row, are shouting.
MANY = 3
ENOUGH = 2
SHOUTING = "shouting"


def heat_in(text: str) -> tuple[str, ...]:
    """The words that make it heated, as they stand in the list; nothing where it is not."""
    found = list(dict.fromkeys(match.casefold() for match in _pattern().findall(text.replace("’", "'"))))
    if len(SHOUTED.findall(text)) >= MANY or "!" * MANY in text:
        found.append(SHOUTING)
    return tuple(found) if len(found) >= ENOUGH else ()


@cache
def _pattern() -> re.Pattern[str]:
    lists = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    words = sorted({word for words in lists.values() for word in words}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
