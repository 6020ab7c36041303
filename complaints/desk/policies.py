"""The rules the firm works by: every pack and version to read, and the next version written from a copy."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.desk.forms.policies import VersionForm, copy_of
from complaints.desk.navigation import SEE
from complaints.policies import library
from complaints.policies.actions import MAKE_VERSIONS, draft, make_version, next_version, withdraw_version
from complaints.policies.differences import Line, differences
from complaints.policies.exceptions import NoSuchPack, PolicyError
from complaints.policies.ladder import Trigger
from complaints.policies.models import PackVersion
from complaints.policies.schema import Pack


@dataclass(frozen=True)
class Shelf:
    """One pack with its versions, the newest first."""

    versions: tuple[Pack, ...]
    in_force: Pack | None
    is_ours: bool

    @property
    def newest(self) -> Pack:
        return self.versions[0]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    _must_see(request)
    today = timezone.localdate()
    shelves = [_shelf(versions, today) for versions in library.everything().values()]
    shelves.sort(key=lambda shelf: (not shelf.is_ours, shelf.newest.name))
    return _page(request, "index", title="Policies", shelves=shelves)


@require_safe
def version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version to read, with what it changed."""
    _must_see(request)
    pack, text = pack_or_404(code, version), library.text_of(code, version)
    own = PackVersion.objects.select_related("made_by").filter(code=code, version=version).first()
    return _page(
        request,
        "version",
        title=pack.name,
        pack=pack,
        own=own,
        shelf=_shelf(library.versions(code), timezone.localdate()),
        changed=_changed(pack, text, base=own.copied_from if own else version - 1),
        text=text,
        ladder=[(level, _after(pack, level.after)) for level in pack.ladder],
        begun=pack.effective_from <= timezone.localdate(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """GET shows a copy to write in. POST checks it and shows what would change; `keep` makes it the next version."""
    person, pack = _must_make(request), pack_or_404(code, version)
    before = library.text_of(code, version)
    if request.method != "POST":
        beginning = copy_of(before, version=next_version(code), effective_from=_first_day(code))
        return _write(request, pack, VersionForm(initial={"text": beginning}))
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _write(request, pack, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    text, now = form.cleaned_data["text"].replace("\r\n", "\n"), timezone.now()
    try:
        if "keep" not in request.POST:
            return _write(request, pack, form, checked=draft(code, text, now=now), text=text)
        reason = form.cleaned_data["reason"]
        kept = make_version(code, text=text, copied_from=version, reason=reason, by=person, now=now)
    except PolicyError as refused:
        form.add_error(None, str(refused))
        return _write(request, pack, form, text=text, status=HTTPStatus.CONFLICT)
    messages.success(request, f"{kept} is kept. It begins on {kept.effective_from:%-d %B %Y}.")
    return _to(code, kept.version)


@require_POST
def withdraw(request: HttpRequest, code: str, version: int) -> HttpResponse:
    person = _must_make(request)
    own = get_object_or_404(PackVersion, code=code, version=version)
    try:
        withdraw_version(own, by=person, now=timezone.now())
    except PolicyError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{own} is withdrawn. Nothing was received under it.")
    return _to(code, version)


def pack_or_404(code: str, version: int) -> Pack:
    try:
        return library.pack(code, version)
    except NoSuchPack:
        raise Http404 from None


def _shelf(versions: tuple[Pack, ...], today: date) -> Shelf:
    begun = [one for one in versions if one.effective_from <= today]
    code = versions[0].code
    return Shelf(versions[::-1], begun[-1] if begun else None, code == settings.FIRM_POLICY_PACK)


def _after(pack: Pack, trigger: Trigger) -> str:
    label = pack.clock(trigger.clock).label
    if trigger.used is None:
        return f"When “{label}” is overdue"
    return f"When {trigger.used:.0%} of “{label}” is used up"


def _changed(pack: Pack, text: str, *, base: int) -> tuple[Line, ...]:
    """Against the version it was written from; a shipped one against the one before it, if there is one."""
    try:
        return differences(library.text_of(pack.code, base), text)
    except NoSuchPack:
        return ()


def _first_day(code: str) -> date:
    """The soonest day on which another version may begin."""
    return max(timezone.localdate(), library.versions(code)[-1].effective_from) + timedelta(days=1)


def _write(
    request: HttpRequest,
    pack: Pack,
    form: VersionForm,
    *,
    checked: Pack | None = None,
    text: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    before = library.text_of(pack.code, pack.version)
    return _page(
        request,
        "copy",
        status=status,
        title=f"A new version of {pack.name}",
        pack=pack,
        form=form,
        checked=checked,
        changed=differences(before, text) if text else (),
    )


def _page(request: HttpRequest, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    common = {**admin.site.each_context(request), "may_make": request.user.has_perm(MAKE_VERSIONS)}
    return TemplateResponse(request, f"desk/policies/{name}.html", {**common, **context}, status=status)


def _to(code: str, version: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:policy", args=[code, version]), status=HTTPStatus.SEE_OTHER)


def _must_see(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(SEE):
        raise PermissionDenied
    return request.user


def _must_make(request: HttpRequest) -> User:
    person = _must_see(request)
    if not person.has_perm(MAKE_VERSIONS):
        raise PermissionDenied
    return person
