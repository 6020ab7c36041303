import sqlite3
from contextlib import closing
from types import TracebackType
from typing import Self


class Notebook:
    """Which number stood in which line of a file, on disk, so that a long file takes no more memory than a short one.

    The database without a name is a temporary file of its own, gone when it is closed or the process is killed.
    """

    def __init__(self) -> None:
        self._pages = sqlite3.connect("", isolation_level=None)
        self._pages.execute("PRAGMA journal_mode=OFF")
        self._pages.execute("CREATE TABLE seen (number TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._pages.execute("BEGIN")

    def first_line(self, number: str, line: int) -> int | None:
        """Where the number stood before; None where it is new, and is then noted."""
        with closing(
            self._pages.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (number, line))
        ) as noted:
            if noted.rowcount:
                return None
        with closing(self._pages.execute("SELECT line FROM seen WHERE number = ?", (number,))) as found:
            return int(found.fetchone()[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pages.close()
