"""Small exports, written here and read back."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from complaints.intake.reading import (
    Refusal,
    Row,
    open_export,
)

HEADER = "Complaint ID,Date received,Product,Issue,Consumer complaint narrative,Company,ZIP code,Submitted via,Tags"
SHORT = "Complaint ID,Date received,Product"


def read(text: str | bytes, **told: Any) -> list[Row | Refusal]:
    data = text.encode() if isinstance(text, str) else text
    return list(open_export(io.BytesIO(data), **told))


def rows(text: str | bytes, **told: Any) -> list[Row]:
    found = read(text, **told)
    assert all(isinstance(item, Row) for item in found), found
    return [item for item in found if isinstance(item, Row)]


def table(*records: Sequence[str], header: str = HEADER, delimiter: str = ",", line_end: str = "\r\n") -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(header.split(","))
    writer.writerows(records)
    return written.getvalue()


ONE = ("7", "2020-03-18", "Loan", "Fees", "They\r\ncharged twice", "Bank", "00501", "Web", "N/A")
FCC = "Ticket #,Customer Complaint,Date,Date_month_year,Time,Received Via,City,Status"


class Pipe(io.RawIOBase):
    """Bytes that come a few at a time and never again."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 1000))
