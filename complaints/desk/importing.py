"""Taking in complaints from a file, in three steps: choose it, look at it, read it. A GET looks and changes nothing."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from complaints.desk.forms.importing import ColumnsForm, ReadingForm, UploadForm
from complaints.desk.import_draft import Draft
from complaints.desk.import_preview import Preview, look_at
from complaints.intake import actions, tasks, uploads
from complaints.intake.models import ImportRun, ImportState, SavedMapping
from complaints.resolution.exceptions import Refused

LIST, LOOK, RUN = (
    "admin:intake_importrun_changelist",
    "admin:intake_importrun_look",
    "admin:intake_importrun_change",
)
SHOWN = 50
UNHEARD = (
    "The workers cannot be reached just now. The import is in line and nothing is lost: start it again later, "
    "or have an administrator run “./run manage import_complaints --run {pk}”."
)


def choose(request: HttpRequest, person: User, site: AdminSite) -> HttpResponse:
    """Step one: the file, and what was imported before."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        draft = Draft.keep(request, person, form.cleaned_data["file"])
        return _go(reverse(LOOK, args=[draft.key]))
    runs = ImportRun.objects.select_related("started_by")[: SHOWN + 1]
    context = {"title": "Import complaints", "form": form, "runs": runs[:SHOWN], "now": timezone.now()}
    return _page(request, site, "desk/import.html", context, bad=form.is_bound)


def look(request: HttpRequest, person: User, site: AdminSite, key: str) -> HttpResponse:
    """Step two: what we make of it; and whatever we were told of it, one thing at a time."""
    draft = Draft.of(request, person, key)
    preview = look_at(draft, now=timezone.now())
    deed = {"read": _read_so, "columns": _map_so, "start": _start, "discard": _discard}.get(
        request.POST.get("do", "")
    )
    if request.method == "POST" and deed is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    if request.method == "POST" and deed is not None:
        answer = deed(request, person, draft, preview)
        if isinstance(answer, HttpResponse):
            return answer
        return _look_page(request, site, draft, preview, bad=True, **answer)
    return _look_page(request, site, draft, preview)


Answer = HttpResponse | dict[str, Any]


def _read_so(request: HttpRequest, person: User, draft: Draft, preview: Preview) -> Answer:
    form = _reading(draft, request.POST)
    if not form.is_valid():
        return {"reading": form}
    told = {name: form.cleaned_data[name] for name in ("profile", "dates", "encoding")}
    columns = draft.columns if told["profile"] == draft.profile else {}
    draft.with_choices(request, **told, columns=columns)
    return _go(request.path)


def _map_so(request: HttpRequest, person: User, draft: Draft, preview: Preview) -> Answer:
    form = _columns(preview, request.POST)
    if not form.is_valid():
        return {"columns": form}
    name, columns = form.cleaned_data["name"], form.columns()
    if form.cleaned_data["keep"]:
        actions.save_mapping(name=name, columns=columns, by=person, now=timezone.now())
    draft.with_choices(request, profile=name, columns=columns)
    return _go(request.path)


def _start(request: HttpRequest, person: User, draft: Draft, preview: Preview) -> Answer:
    if not preview.ready:
        return {}
    choices = actions.Choices(preview.profile, draft.columns, draft.dates, draft.encoding)
    try:
        run = actions.plan_import(
            file_key=draft.key, file_name=draft.name, choices=choices, by=person, now=timezone.now()
        )
    except Refused as refused:
        return {"refused": str(refused)}
    draft.forget(request)
    return _told_of(request, run)


def _discard(request: HttpRequest, person: User, draft: Draft, preview: Preview) -> Answer:
    uploads.discard(draft.key)
    draft.forget(request)
    messages.info(request, f"“{draft.name}” is not kept any more. Nothing was imported.")
    return _go(reverse(LIST))


def show_run(request: HttpRequest, site: AdminSite, pk: str) -> HttpResponse:
    """Step three: how far it is, and what became of each line. Reloads itself while somebody reads."""
    if not pk.isdecimal():
        raise Http404
    run, now = _run(int(pk)), timezone.now()
    silent = run.is_silent(now)
    context = {
        "title": "Import complaints",
        "run": run,
        "silent": silent,
        "reloads": not silent and run.state in {ImportState.WAITING, ImportState.RUNNING},
        "may_start_again": bool(run.file_key) and (silent or run.state == ImportState.FAILED),
        "waits_long": run.state == ImportState.WAITING and (now - run.seen_at).total_seconds() > 60,  # noqa: PLR2004
        "has_report": has_report(run),
    }
    return _page(request, site, "desk/import_run.html", context)


def start_again(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    run = _run(pk)
    try:
        if run.state != ImportState.WAITING:
            run = actions.start_again(run, by=person, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return _go(reverse(RUN, args=[run.pk]))
    return _told_of(request, run)


def report(pk: int) -> FileResponse:
    """Every line refused or mended. Once it is finished, for until then it is still being written."""
    run = _run(pk)
    if not has_report(run):
        raise Http404
    name = f"{run.file_name}.report.csv"
    path = uploads.report_of(run.file_key)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def has_report(run: ImportRun) -> bool:
    told = run.state == ImportState.FINISHED and bool(run.refusals or run.mended)
    return told and bool(run.file_key) and uploads.report_of(run.file_key).is_file()


def _run(pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("started_by"), pk=pk)


def _told_of(request: HttpRequest, run: ImportRun) -> HttpResponse:
    if not tasks.ring(run.pk):
        messages.warning(request, UNHEARD.format(pk=run.pk))
    return _go(reverse(RUN, args=[run.pk]))


def _reading(draft: Draft, data: Any = None) -> ReadingForm:
    saved = SavedMapping.objects.order_by("name").values_list("name", flat=True)[:200]
    return ReadingForm(data, choices=draft.choices, saved=saved)


def _columns(preview: Preview, data: Any = None, name: str = "") -> ColumnsForm:
    return ColumnsForm(data, header=preview.header, suggestions=preview.suggestions, name=name)


def _look_page(
    request: HttpRequest, site: AdminSite, draft: Draft, preview: Preview, *, bad: bool = False, **forms: Any
) -> HttpResponse:
    context = {
        "title": "Import complaints",
        "draft": draft,
        "preview": preview,
        "reading": _reading(draft),
        "columns": _columns(preview, name=draft.profile if draft.columns else "") if preview.header else None,
        **forms,
    }
    return _page(request, site, "desk/import_look.html", context, bad=bad)


def _page(
    request: HttpRequest, site: AdminSite, template: str, context: dict[str, Any], *, bad: bool = False
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK
    return TemplateResponse(request, template, {**site.each_context(request), **context}, status=status)


def _go(address: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
