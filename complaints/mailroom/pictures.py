"""Pictures that a mail carries inside it for its own HTML, fit for a page that may load nothing."""

import base64
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from complaints.mailroom import enclosures
from complaints.mailroom.reading import Attachment

#: What every browser draws and nothing can be hidden in that runs. By the bytes: neither name nor claim is asked.
DRAWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
LARGEST: Final = 2 * 1024 * 1024
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_POINTS: Final = 50_000_000


class Pictures:
    """Gives the picture of a Content-ID as a `data:` address, or None.

    It counts each time it is asked for: a few lines that show one picture a thousand times fill no browser.
    """

    def __init__(self, files: Iterable[Attachment]) -> None:
        self._files = {file.content_id: file.content for file in files if file.content_id}
        self._bytes_left, self._points_left = MOST_BYTES, MOST_POINTS

    def __call__(self, content_id: str) -> str | None:
        content = self._files.get(content_id) or self._files.get(unquote(content_id)) or b""
        mime = _type_of(content)
        if not mime:
            return None
        width, height = enclosures.size_of_picture(content, mime)
        points = width * height
        if not points or points > self._points_left or len(content) > self._bytes_left:
            return None
        self._bytes_left, self._points_left = self._bytes_left - len(content), self._points_left - points
        # A slash may be written so, and then no run of letters looks like one of our links.
        return f"data:{mime};base64,{base64.b64encode(content).decode().replace('/', '%2F')}"


def _type_of(content: bytes) -> str:
    """Nothing for what is not drawn."""
    if not 0 < len(content) <= LARGEST:
        return ""
    try:
        mime = enclosures.type_of(content)
    except enclosures.Refused:
        return ""
    return mime if mime in DRAWN else ""
