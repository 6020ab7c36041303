"""Reading pages and exports as their reader does."""

import csv
import io
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from complaints.resolution.spreadsheets import BOM


class Links(HTMLParser):
    """Every link of a page with the words in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._words = dict(attrs).get("href") or "", []

    def handle_data(self, data: str) -> None:
        self._words.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.found.append((self._href, " ".join(word for word in self._words if word)))
            self._href = None


def links(body: str) -> list[tuple[str, str]]:
    parser = Links()
    parser.feed(body)
    return parser.found


def body_of(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def exported(client: Client, address: str, **asked: str) -> list[list[str]]:
    answer: Any = client.get(address, asked)
    assert answer.status_code == 200, (address, answer.status_code)
    text = b"".join(answer.streaming_content).decode().removeprefix(BOM)
    return list(csv.reader(io.StringIO(text, newline="")))


PAGES = {
    "overview": "/desk/reports/",
    "month": "/desk/reports/by/month/",
    "product": "/desk/reports/by/product/",
    "cause": "/desk/reports/by/cause/",
    "channel": "/desk/reports/by/channel/",
    "company": "/desk/reports/by/company/",
    "years": "/desk/reports/product-by-year/",
}
LIST = "/desk/reports/list/"
EXPORTS = [
    "/desk/reports/figures.csv",
    "/desk/reports/by/month.csv",
    "/desk/reports/by/product.csv",
    "/desk/reports/list.csv?figure=received",
    "/desk/reports/product-by-year.csv",
]


def length_of(page: Client, address: str) -> int:
    """How many rows the list has, walked through to its end."""
    rows, seen = 0, set()
    while address not in seen:
        seen.add(address)
        body = body_of(page, address)
        rows += body.count("r-table__main")
        older = [href for href, words in links(body) if words == "Older"]
        address = LIST + older[0] if older else address
    return rows
