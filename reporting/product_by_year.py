"""For each product and year: complaints, businesses complained about, and the largest share of one of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import reverse

from complaints.resolution.models.complaints import ComplaintQuerySet
from complaints.resolution.spreadsheets import Cell
from reporting import periods
from reporting.figures import volumes
from reporting.periods import CUSTOM
from reporting.scope import NO_COMPANY, Scope
from reporting.shown import list_address, per_cent

HEADER = ["Product", "Year", "Complaints", "Businesses", "Highest share of one business, %"]
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ProductYear:
    """`product` is in lower case; `category` the one it is, empty where several differ in case only."""

    product: str
    year: int
    complaints: int
    companies: int
    share: int
    category: str
    leader: str


def product_by_year(complaints: ComplaintQuerySet) -> list[ProductYear]:
    """Sorted by product, then year, the year being that of receipt in the firm's zone.

    Grouped by the database; names are compared without case here, where that means the same in every alphabet and on
    every database. Complaints that name no business are of one together: the firm itself.
    """
    counted: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    categories: dict[str, set[int]] = defaultdict(set)
    spellings: dict[str, str] = {}
    for category, name, company, year, number in _grouped(complaints).iterator(chunk_size=CHUNK):
        product, business = (name or "").lower(), company.strip().casefold()
        counted[product, year][business] += number
        categories[product].add(category or 0)
        spellings[business] = company
    return [
        _row(product, year, counted[product, year], categories[product], spellings)
        for product, year in sorted(counted)
    ]


def _grouped(complaints: ComplaintQuerySet) -> QuerySet[Any, Any]:
    year = ExtractYear("received_at", tzinfo=periods.zone())
    rows = complaints.order_by().annotate(year=year).values("category", "category__name", "company", "year")
    return rows.annotate(number=Count("pk")).values_list(
        "category", "category__name", "company", "year", "number"
    )


def _row(
    product: str, year: int, by_company: Counter[str], categories: set[int], spellings: dict[str, str]
) -> ProductYear:
    complaints = by_company.total()
    leader, most = by_company.most_common(1)[0]
    only = min(categories) if len(categories) == 1 else None
    category = "" if only is None else str(only or "none")
    return ProductYear(
        product,
        year,
        complaints,
        len(by_company),
        per_cent(most, complaints),
        category,
        spellings.get(leader, ""),
    )


def lines(rows: list[ProductYear], *, header: bool = True) -> Iterator[list[Cell]]:
    if header:
        yield list(HEADER)
    for row in rows:
        yield [row.product, row.year, row.complaints, row.companies, row.share]


@dataclass(frozen=True, slots=True)
class Opened:
    """A row with the ways to what is behind its numbers; empty where several categories make up one product."""

    row: ProductYear
    complaints: str
    companies: str
    leader: str


def opened(rows: list[ProductYear], scope: Scope) -> list[Opened]:
    return [_opened(row, scope) for row in rows]


def _opened(row: ProductYear, scope: Scope) -> Opened:
    if not row.category:
        return Opened(row, "", "", "")
    year = {"period": CUSTOM, "first": f"{row.year:04}-01-01", "last": f"{row.year:04}-12-31"}
    narrowing = {**year, "product": row.category}
    businesses = f"{reverse('reporting:by', args=['company'])}?{scope.address(**narrowing)}"
    leader = {**narrowing, "company": row.leader or NO_COMPANY}
    return Opened(
        row,
        list_address(volumes.received, scope, narrowing),
        businesses,
        list_address(volumes.received, scope, leader),
    )
