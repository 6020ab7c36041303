"""Which parts of a mail are its words, and which are files beside them. Nothing is neither."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from complaints.mailroom.reading.charsets import text_of
from complaints.mailroom.reading.exceptions import TooBig
from complaints.mailroom.reading.headers import split_headers, words_decoded
from complaints.mailroom.reading.limits import LONGEST_TEXT
from complaints.mailroom.reading.mails import Attachment
from complaints.mailroom.reading.markup import text_from_html
from complaints.mailroom.reading.naming import apart, name_for, shown_name
from complaints.mailroom.reading.parts import Part
from complaints.mailroom.reading.transfer import Uuencoded, unpacked, uuencoded

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
#: Parts of a report are read by machines, and shown as files.
_NESTED: Final = ("message/", "text/rfc822-headers")
_MOST_UUENCODED = 100


@dataclass(slots=True)
class Contents:
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    faults: dict[str, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """All of the plain text; what the HTML says where there is none."""
        written = "\n\n".join(text.strip("\n") for text in self.plain if text.strip())
        return written or text_from_html(self.markup)

    @property
    def markup(self) -> str:
        return "\n".join(self.html)


def contents_of(raw: bytes, root: Part) -> Contents:
    contents = Contents()
    for part in root.walk():
        _take(contents, raw, part)
    return contents


def _take(contents: Contents, raw: bytes, part: Part) -> None:
    content, fault = content_of(raw, part)
    if fault:
        contents.faults[fault] = None
    kind = _reads_as(part, content)
    if kind is None:
        _attach(contents, part, content)
    elif kind == "html":
        _take_html(contents, part, content)
    else:
        _take_plain(contents, part, content)


def content_of(raw: bytes, part: Part) -> tuple[bytes, str | None]:
    """What is in the part, unpacked; nested mails may not be packed, and are when they are."""
    content = raw[part.start : part.end]
    encoding = part.headers.first("content-transfer-encoding") or ""
    if part.media.startswith("multipart/") and encoding.strip().lower() == "base64":
        return content, None
    return unpacked(content, encoding)


def _reads_as(part: Part, content: bytes) -> str | None:
    """As plain text, as HTML, or (None) as a file. What has neither type nor name is text if it is not binary."""
    if part.is_attached or part.media.startswith(_NESTED):
        return None
    if part.media in _HTML:
        return None if _names_a_file(part) else "html"
    if part.media == "text/plain" or part.media.startswith("multipart/"):
        return None if _names_a_file(part) else "plain"
    told = bool(part.headers.first("content-type")) and bool(part.media)
    return "plain" if not told and not _names_a_file(part) and b"\0" not in content[:4096] else None


def _names_a_file(part: Part) -> bool:
    """Some name even the text of the mail: among alternatives a name means nothing."""
    name = part.disposition.get("filename") or part.type.get("name")
    return bool(name) and (part.parent is None or part.parent.media != "multipart/alternative")


def _take_plain(contents: Contents, part: Part, content: bytes) -> None:
    """A second text is read after the first, and kept as a file too: it may be one."""
    if contents.plain and part.parent is not None and part.parent.media != "multipart/alternative":
        _attach(contents, part, content)
    found = list(_uuencoded(content))
    for block in found:
        name = shown_name(text_of(block.name, None)[0]) or "file"
        contents.attachments.append(
            Attachment(apart(name, contents.names), "application/octet-stream", block.content)
        )
    for block in reversed(found):
        content = content[: block.start] + content[block.end :]
    contents.plain.append(_lines(_text(contents, part, content)))


def _uuencoded(content: bytes) -> Iterator[Uuencoded]:
    if b"begin " in content:
        for number, block in enumerate(uuencoded(content)):
            if number >= _MOST_UUENCODED:
                return
            yield block


def _take_html(contents: Contents, part: Part, content: bytes) -> None:
    if contents.html:
        _attach(contents, part, content)
    contents.html.append(_text(contents, part, content))


def _text(contents: Contents, part: Part, content: bytes) -> str:
    if len(content) > LONGEST_TEXT:
        contents.faults[
            f"a text longer than {LONGEST_TEXT // 1024} kB: its beginning is shown, all is kept as a file"
        ] = None
        _attach(contents, part, content)
        content = content[:LONGEST_TEXT]
    text, fault = text_of(content, part.type.get("charset"))
    if fault and fault != "no charset was named":
        contents.faults[fault] = None
    return text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _attach(contents: Contents, part: Part, content: bytes) -> None:
    if (
        part.media.startswith("text/")
        and not content.strip()
        and not part.is_attached
        and not _names_a_file(part)
    ):
        return
    headers = part.headers
    content_id = (headers.first("content-id") or "").strip().strip("<>").strip()
    told = part.disposition.get("filename") or part.type.get("name")
    name = name_for(
        part.media,
        told=told or headers.text("content-location").rpartition("/")[2],
        content_id=content_id,
        subject=_nested_subject(part, content),
        description=headers.text("content-description"),
    )
    contents.attachments.append(
        Attachment(
            name=apart(name, contents.names),
            content_type=part.media or "application/octet-stream",
            content=content,
            content_id=content_id[:200],
            inline=part.disposition.value == "inline" or (bool(content_id) and not part.is_attached),
        )
    )


def _nested_subject(part: Part, content: bytes) -> str:
    if not part.media.startswith("message/rfc822"):
        return ""
    try:
        headers, _, _ = split_headers(content, 0, len(content))
    except TooBig:
        return ""
    return words_decoded(headers.first("subject") or "").strip()
