"""`Content-Type` and `Content-Disposition`: the value and its parameters, in all the ways RFC 2231 is got wrong."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from complaints.mailroom.reading.charsets import text_of
from complaints.mailroom.reading.headers import words_decoded

_LONGEST: Final = 16 * 1024
_PARAMETER: Final = re.compile(r"""[;\s]*([^=;\s"]{1,80})\s{0,20}=\s{0,20}("(?:[^"\\]|\\.)*+"|[^;]*)""")
_PIECE: Final = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?\Z")
_ESCAPED: Final = re.compile(r'\\(["\\])')
_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


@dataclass(frozen=True, slots=True)
class Parameterised:
    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")


def parameterised(header: str | None) -> Parameterised:
    value, _, rest = (header or "")[:_LONGEST].partition(";")
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(rest):
        if piece := _PIECE.match(found[1].lower()):
            number = int(piece[2]) if piece[2] else -1
            pieces.setdefault(piece[1], []).append((number, bool(piece[3]), _unquoted(found[2])))
    return Parameterised(value.strip().lower(), {name: _whole(parts) for name, parts in pieces.items()})


def media_type(header: str | None) -> Parameterised:
    """As `parameterised`; what is no media type at all counts as not told."""
    told = parameterised(header)
    value = "text/plain" if told.value == "text" else told.value
    return Parameterised(value if _TYPE.fullmatch(value) else "", told.parameters)


def _unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        value = value[1:-1] if value.endswith('"') and len(value) > 1 else value[1:]
        return _ESCAPED.sub(r"\1", value)
    return value


def _whole(pieces: list[tuple[int, bool, str]]) -> str:
    """`name*0*=…; name*1=…` put together; a plain `name=` is used where there are no pieces."""
    numbered = sorted((piece for piece in pieces if piece[0] >= 0), key=lambda piece: piece[0])
    chosen = numbered or [piece for piece in pieces if piece[1]][:1] or pieces[:1]
    charset = ""
    if chosen[0][1] and chosen[0][2].count("'") >= 2:  # noqa: PLR2004 charset'language'text
        charset, _, text = chosen[0][2].split("'", 2)
        chosen = [(chosen[0][0], True, text), *chosen[1:]]
    if not any(percent for _, percent, _ in chosen):
        return words_decoded("".join(text for _, _, text in chosen))
    content = b"".join(
        unquote_to_bytes(text) if percent else text.encode("utf-8", "replace") for _, percent, text in chosen
    )
    return text_of(content, charset or "utf-8")[0]
