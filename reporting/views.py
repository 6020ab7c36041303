"""The pages of the reports, inside the admin's look, and the same tables as CSV."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.resolution import spreadsheets
from complaints.resolution.spreadsheets import Cell
from reporting import breakdown as by
from reporting import drill, overview, overview_lines, periods
from reporting import product_by_year as years
from reporting.charts import chart
from reporting.counting import counts
from reporting.dimensions import DIMENSIONS, MONTH, Dimension
from reporting.figures import FIGURES, Figure
from reporting.forms import DEFAULT, ScopeForm
from reporting.paging import page_of

SEE, EXPORT = "resolution.view_complaint", "resolution.export_complaint"
P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, ScopeForm, P], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def shown(*, default: str = DEFAULT) -> Callable[[Page[P]], View]:
    return lambda page: _guarded(page, [SEE], default)


def exported(*, default: str = DEFAULT) -> Callable[[Page[P]], View]:
    """An export of something else than was asked for would be believed: a wrong address gets an error."""
    return lambda page: _guarded(page, [SEE, EXPORT], default, strict=True)


def _guarded(page: Page[P], permissions: Sequence[str], default: str, *, strict: bool = False) -> View:
    """Staff with these permissions, looking only; what the address asks for is read once."""

    @require_safe
    @wraps(page)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not user.has_perms(permissions):
            raise PermissionDenied
        form = ScopeForm(request.GET, user=user, now=timezone.now(), default=default)
        if not form.is_valid() and strict:
            return HttpResponse("This cannot be reported on.", status=HTTPStatus.BAD_REQUEST)
        return page(request, form, *args, **kwargs)

    answer: View = admin.site.admin_view(guarded)
    return answer


@shown()
def index(request: HttpRequest, form: ScopeForm) -> HttpResponse:
    page = overview.overview(form.scope()) if form.is_valid() else None
    return _page(request, "reporting/overview.html", form, title="Reports", page=page, here="index")


@exported()
def index_csv(request: HttpRequest, form: ScopeForm) -> HttpResponseBase:
    return _csv(request, "figures", overview_lines.lines(overview.overview(form.scope())))


@shown()
def breakdown(request: HttpRequest, form: ScopeForm, dimension: str) -> HttpResponse:
    return _table(request, form, dimension)


@shown(default="12-months")
def months(request: HttpRequest, form: ScopeForm) -> HttpResponse:
    return _table(request, form, MONTH.code)


@exported()
def breakdown_csv(request: HttpRequest, form: ScopeForm, dimension: str) -> HttpResponseBase:
    table = by.breakdown(_dimension(dimension, form.user), form.scope(), most=None)
    return _csv(request, f"by-{dimension}", by.lines(table))


@exported(default="12-months")
def months_csv(request: HttpRequest, form: ScopeForm) -> HttpResponseBase:
    return _csv(request, "by-month", by.lines(by.breakdown(MONTH, form.scope())))


@shown()
def behind(request: HttpRequest, form: ScopeForm) -> HttpResponse:
    """The list behind a figure."""
    figure = _figure(request)
    context: dict[str, Any] = {"title": figure.title, "figure": figure, "here": "list"}
    if form.is_valid():
        scope = form.scope()
        page = page_of(drill.rows_behind(figure, scope), figure.moment, after=request.GET.get("after", ""))
        for row in page.rows:
            row["told"] = drill.told(figure, row)
        context |= {"page": page, "total": counts([figure], scope)[figure.code]}
        context["first"] = scope.address(figure=figure.code)
        context["next"] = page.after and scope.address(figure=figure.code, after=page.after)
    return _page(request, "reporting/list.html", form, **context)


@exported()
def behind_csv(request: HttpRequest, form: ScopeForm) -> HttpResponseBase:
    figure = _figure(request)
    return _csv(request, figure.code.replace("_", "-"), drill.lines(figure, form.scope()))


@shown()
def product_by_year(request: HttpRequest, form: ScopeForm) -> HttpResponse:
    context: dict[str, Any] = {"title": "Products by year", "here": "years"}
    if form.is_valid():
        scope = form.scope()
        context["rows"] = years.opened(years.product_by_year(scope.complaints()), scope)
    return _page(request, "reporting/product_by_year.html", form, **context)


@exported()
def product_by_year_csv(request: HttpRequest, form: ScopeForm) -> HttpResponseBase:
    rows = years.product_by_year(form.scope().complaints())
    return _csv(request, "product-by-year", years.lines(rows))


def _table(request: HttpRequest, form: ScopeForm, code: str) -> HttpResponse:
    dimension = _dimension(code, form.user)
    table = by.breakdown(dimension, form.scope()) if form.is_valid() else None
    drawn = table and [(row.label, row.received.value, row.is_partial) for row in table.rows]
    picture = chart(drawn) if drawn and dimension is MONTH else None
    return _page(
        request, "reporting/breakdown.html", form, title=dimension.tab, table=table, chart=picture, here=code
    )


def _dimension(code: str, user: User) -> Dimension:
    if code not in DIMENSIONS:
        raise Http404
    if not DIMENSIONS[code].is_open_to(user):
        raise PermissionDenied
    return DIMENSIONS[code]


def _figure(request: HttpRequest) -> Figure:
    figure = FIGURES.get(request.GET.get("figure", ""))
    if figure is None:
        raise Http404
    return figure


def _page(request: HttpRequest, template: str, form: ScopeForm, **context: Any) -> HttpResponse:
    common = {
        "form": form,
        "scope": form.scope() if form.is_valid() else None,
        "dimensions": [one for one in DIMENSIONS.values() if one.is_open_to(form.user)],
        "may_export": form.user.has_perm(EXPORT),
        "custom": periods.CUSTOM,
    }
    return TemplateResponse(request, template, {**admin.site.each_context(request), **common, **context})


def _csv(request: HttpRequest, name: str, rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    lines = spreadsheets.lines(rows, bom=request.GET.get("bom") == "1")
    answer = StreamingHttpResponse(
        (line.encode() for line in lines), content_type="text/csv; charset=utf-8; header=present"
    )
    day = timezone.localdate()
    answer["Content-Disposition"] = f'attachment; filename="redress-{name}-{day:%Y-%m-%d}.csv"'
    return answer
