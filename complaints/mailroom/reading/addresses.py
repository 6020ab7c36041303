"""Who it says it is from and to: every form of an address list that is in the wild, and the forms that are none."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from complaints.mailroom.reading.charsets import storable
from complaints.mailroom.reading.headers import words_decoded
from complaints.mailroom.reading.limits import LONGEST_ADDRESS_LIST
from complaints.mailroom.reading.mails import Address

_MOST: Final = 2_000
_TOKEN: Final = re.compile(
    r'"(?:[^"\\]|\\.){0,250}+"'  # a quoted name
    r"|\((?:[^()\\]|\\.){0,250}+\)"  # a remark, often the name
    r"|<[^<>]{0,500}+>"
    r"|[^\",;<>()\s]++"
    r"|\s++|.",
    re.DOTALL,
)
_REMARK: Final = re.compile(r"\([^()]{0,200}\)")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_ESCAPED: Final = re.compile(r"\\(.)")
_BLANKS: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_LONGEST_NAME, _LONGEST_ADDRESS = 200, 320


def addresses(headers: Iterable[str]) -> tuple[Address, ...]:
    """All that can be made out, in their order, each once."""
    found: dict[Address, None] = {}
    for header in headers:
        for one in _list(header):
            found[one] = None
            if len(found) >= _MOST:
                return tuple(found)
    return tuple(found)


def _list(header: str) -> Iterator[Address]:
    tokens: list[str] = []
    for token in _TOKEN.findall(header[:LONGEST_ADDRESS_LIST]):
        if token in {",", ";"}:
            yield from _one(tokens)
            tokens = []
        elif token.endswith(":") and "@" not in token and _is_group(tokens):
            tokens = []  # the name of a group
        else:
            tokens.append(token)
    yield from _one(tokens)


def _is_group(tokens: list[str]) -> bool:
    return not any(token.startswith(("<", '"')) for token in tokens)


def _one(tokens: list[str]) -> Iterator[Address]:
    bracketed = [token[1:-1] for token in tokens if token.startswith("<") and token.endswith(">")]
    address = next((clean for token in bracketed if (clean := _clean(token))), "")
    words = [token for token in tokens if not token.startswith(("<", "("))]
    remarks = [token for token in tokens if token.startswith("(") and token.endswith(")")]
    if not address and not bracketed:
        bare = [word for word in words if "@" in word] or [word for word in words if not word.isspace()]
        address = _clean(bare[0]) if bare else ""
        words = [word for word in words if word not in bare[:1]]
    if address:
        name = _name("".join(words)) or _name(" ".join(remark[1:-1] for remark in remarks))
        yield Address(name if name != address else "", address)


def _clean(token: str) -> str:
    """Decoded, as some encode the address itself; nothing in it that could be taken for a second one."""
    token = _REMARK.sub("", words_decoded(token)).strip().strip("'\"").removeprefix("mailto:")
    return storable(_BLANKS.sub("", token))[:_LONGEST_ADDRESS]


def _name(text: str) -> str:
    text = text.strip()
    quoted = _QUOTED.fullmatch(text)
    text = words_decoded(_ESCAPED.sub(r"\1", quoted[1]) if quoted else text.replace('"', ""))
    return storable(_UNSEEN.sub(" ", text)).strip().strip("'")[:_LONGEST_NAME].strip()
