"""The file itself: a head to look at, a few samples from further on, and one pass from the beginning."""

import io
import os
from pathlib import Path
from typing import BinaryIO, Final

HEAD: Final = 1024 * 1024
_SLICES = 12
_SLICE = 64 * 1024


class Source(io.RawIOBase):
    """Reads the head again before the rest, so that a pipe serves as well as a file. Closes only what it opened."""

    def __init__(self, origin: str | os.PathLike[str] | BinaryIO) -> None:
        super().__init__()
        self._ours = isinstance(origin, str | os.PathLike)
        self._file: BinaryIO = Path(origin).open("rb") if isinstance(origin, str | os.PathLike) else origin  # noqa: SIM115
        self.head = self._first()
        self.position = 0
        self.size = self._measured()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        size = len(buffer)
        if self.position < len(self.head):
            data = self.head[self.position : self.position + size]
        else:
            data = self._file.read(size)
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)

    def close(self) -> None:
        if self._ours and not self.closed:
            self._file.close()
        super().close()

    def slices(self, even: int) -> list[bytes]:
        """Bounded samples spread over what follows the head, where the file can be sought in."""
        if self.size is None or self.size <= len(self.head):
            return []
        here = self._file.tell()
        start = here - len(self.head)
        found: list[bytes] = []
        for number in range(_SLICES):
            room = max(self.size - len(self.head) - _SLICE, 0)
            offset = len(self.head) + room * number // (_SLICES - 1)
            self._file.seek(start + offset - offset % even)
            found.append(self._file.read(_SLICE))
        self._file.seek(here)
        return found

    def _first(self) -> bytes:
        parts: list[bytes] = []
        wanted = HEAD
        while wanted and (part := self._file.read(wanted)):
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _measured(self) -> int | None:
        """The whole length where it can be known; a pipe has none."""
        if len(self.head) < HEAD:
            return len(self.head)
        try:
            here = self._file.tell()
            end = self._file.seek(0, os.SEEK_END)
            self._file.seek(here)
        except (OSError, ValueError, AttributeError):
            return None
        return end - here + len(self.head)
