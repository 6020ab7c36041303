import os
from collections.abc import Callable, Iterable
from io import RawIOBase
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class WholeBody(RawIOBase):
    """What a request brings, to the last byte that was announced; an error where the line breaks before.

    Servers hand on what came until then as if it were all. A form whose last file is cut short would be taken, and
    when its sender tries again, be taken for a double click.
    """

    def __init__(self, body: Any, length: int) -> None:
        self.body, self.left = body, length

    def read(self, size: int = -1, /) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._counted(self.body.read(wanted), wanted)

    def readline(self, size: int | None = -1, /) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._counted(self.body.readline(wanted), min(1, wanted))

    def _counted(self, came: bytes, least: int) -> bytes:
        self.left -= len(came)
        if not came and least:
            raise ConnectionAbortedError("The line broke before all of the request had come.")
        return came


class Wholly:
    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return self.inner(environ, start_response)


application = Wholly(get_wsgi_application())
