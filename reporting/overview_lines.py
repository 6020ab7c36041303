"""Every figure of the first page for a spreadsheet, with what it counts in words."""

from collections.abc import Iterator

from complaints.resolution.spreadsheets import Cell
from reporting.overview import Overview
from reporting.shown import Number, Share


def lines(page: Overview) -> Iterator[list[Cell]]:
    """Every figure of the page for a spreadsheet: a rate with both its counts, and in words what they are."""
    yield ["Section", "Figure", "Value", "Of", "Unit", "What is counted"]
    yield ["Period", page.scope.period.label, "", "", "", ""]
    for section, shown in _numbers_of(page):
        figure = shown.figure
        yield [section, shown.name, shown.value, "", "count", f"{figure.says}; {figure.dated_words}"]
    for one in _shares_of(page):
        yield ["Rates", one.rate.title, one.part.value, one.whole.value, "count", one.rate.says]
    for took in page.took:
        if took.durations:
            says = f"{took.span.figure.says}; {took.span.figure.dated_words}; elapsed since receipt"
            hours = [
                round(lasted.total_seconds() / 3600, 2)
                for lasted in (took.durations.median, took.durations.ninth_tenth)
            ]
            yield ["Time taken", f"{took.span.title}, median", hours[0], took.durations.number, "hours", says]
            yield [
                "Time taken",
                f"{took.span.title}, 90th percentile",
                hours[1],
                took.durations.number,
                "hours",
                says,
            ]
    for paid in page.paid:
        yield [
            "Redress",
            paid.number.name,
            paid.amount,
            paid.number.value,
            paid.currency,
            "sum paid, of so many payments; by date paid",
        ]


def _numbers_of(page: Overview) -> Iterator[tuple[str, Number]]:
    yield from (("Volumes", one) for one in page.volumes)
    for one in page.on_time:
        yield from (("On time", number) for number in (one.share.part, one.missed, one.running, one.let_go))
    bars = [*page.backlog, *page.verdicts, page.causes, page.reasons, page.scores]
    for table in bars:
        if table:
            yield from ((table.title, row) for row in table.rows)
    yield from (("Offers", one) for one in page.offers)
    yield from (("Escalations", one) for one in page.escalations)


def _shares_of(page: Overview) -> Iterator[Share]:
    yield from (one.share for one in page.on_time)
    yield from (one for one in (page.outcomes, page.acceptance) if one)
    yield from [*page.coming_back, *page.satisfaction]
