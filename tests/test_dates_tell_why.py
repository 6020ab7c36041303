"""No date by which something is due stands anywhere without the way to its reason."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "templates"
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
DUE = re.compile(r"due_words|\b(?:due_at|due_on|open_until|follow_up_on)\|date")
DATE, WHY = "\x01", "\x02"
VOID = {"br", "col", "hr", "img", "input", "link", "meta"}
#: The reason stands beside the date, or the page is the reason.
BESIDE = {
    "desk/why.html": "is the reason",
    "desk/policies/simulator.html": "shows the whole sum under each date",
    "resolution/offer.html": "says to the customer who named the day, and when",
    "resolution/offer_lines.html": "are the offer itself, in the customer's hands",
}
PAGES = sorted(path for path in ROOT.rglob("*.html") if DUE.search(path.read_text()))


class Dates(HTMLParser):
    """`bare` counts the dates that lead nowhere: neither in a link to a reason nor in what unfolds one."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.bare = self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            leads = tag == "a" and any(name == "href" and WHY in (value or "") for name, value in attrs)
            self.open.append((tag, leads))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        number = data.count(DATE)
        self.seen += number
        if not any(leads or tag == "summary" for tag, leads in self.open):
            self.bare += number


def told(found: re.Match[str]) -> str:
    if DUE.search(found[0]):
        return DATE
    return WHY if re.search(r"url \"desk:why|url column\.why", found[0]) else ""


def dates_in(template: str) -> Dates:
    dates = Dates()
    dates.feed(TAG.sub(told, template))
    return dates


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_date_leads_to_its_reason(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in BESIDE:
        assert dates_in(path.read_text()).bare == 0


def test_what_unfolds_a_reason_has_one() -> None:
    for path in PAGES:
        for unfolded in re.findall(
            r"<summary>(?:(?!</details>).)*due_at(?:(?!</details>).)*</details>", path.read_text()
        ):
            assert "{% for reason in" in unfolded, path


def test_a_bare_date_would_be_found() -> None:
    assert dates_in("<p>{% due_words one.due_at now %}</p>").bare == 1
    assert (
        dates_in('<p><a href="{% url "desk:why" 1 %}">so</a> by {{ line.due_on|date:"j M" }}</p>').bare == 1
    )
    assert dates_in('<td><a href="{% url "desk:why" 1 %}">{% due_words one.due_at now %}</a></td>').bare == 0


def test_the_exceptions_are_still_there() -> None:
    assert set(BESIDE) <= {str(path.relative_to(ROOT)) for path in PAGES}
