"""The words of our letters: each kind and language to read, and the next version written from a copy."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from complaints.desk import wording_preview
from complaints.desk.forms.wording import LanguageForm, WordingForm
from complaints.policies.actions import WRITE_LETTERS, check_wording, write_template
from complaints.policies.differences import differences
from complaints.policies.exceptions import BadLetterText, PolicyError
from complaints.policies.letter_names import BY_WORDING, FINISHED_BY_STAFF, Wording
from complaints.policies.letter_text import LetterText
from complaints.policies.models import ChosenText, LetterTemplate
from complaints.policies.shipped_letters import FIRST, shipped
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint

SEE_LETTERS = "policies.view_lettertemplate"


@dataclass(frozen=True)
class Row:
    """One kind of letter with the text in use in each language."""

    wording: Wording
    by_staff: bool
    choices: list[ChosenText]


@dataclass(frozen=True)
class Tried:
    complaint: Complaint
    letter: Letter


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    _must_see(request)
    now = timezone.now()
    rows = [Row(wording, wording in FINISHED_BY_STAFF, _in_use(wording, now)) for wording in Wording]
    return _page(request, "index", title="Letters", rows=rows)


@require_safe
def letter(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """The text in use, and every version there was."""
    person, wording = _must_see(request), _wording_or_404(kind)
    now = timezone.now()
    choice = next((one for one in _in_use(wording, now) if one.language == language), None)
    versions = list(LetterTemplate.objects.of(wording, language).select_related("made_by"))
    if choice is None and not versions:
        raise Http404
    return _page(
        request,
        "letter",
        title=wording.label,
        wording=wording,
        language=language,
        choice=choice,
        tried=_try(choice, "", person, now) if choice else None,
        versions=_with_changes(versions, shipped(wording).get(language)),
        other=LanguageForm(),
        now=now,
    )


@require_safe
def other_language(request: HttpRequest, kind: str) -> HttpResponse:
    """To the page on which this letter is written in the language that was typed."""
    _must_write(request)
    wording, form = _wording_or_404(kind), LanguageForm(request.GET)
    if not form.is_valid():
        messages.error(request, str(form.errors["language"][0]))
        return _to(wording, FIRST)
    return HttpResponseRedirect(reverse("desk:wording_copy", args=[kind, form.cleaned_data["language"]]))


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """GET shows a copy to write in. POST checks it and shows how it reads; `keep` makes it the next version."""
    person, wording = _must_write(request), _wording_or_404(kind)
    if not LanguageForm({"language": language}).is_valid():
        raise Http404
    before, version = _newest(wording, language)
    if request.method != "POST":
        initial = {"subject": before.subject, "body": before.body, "copied_from": version}
        return _write(request, wording, language, WordingForm(initial=initial), before=before)
    form = WordingForm(request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _write(request, wording, language, form, before=before, status=status)
    return _check_or_keep(request, wording, language, form, person, before)


def _check_or_keep(
    request: HttpRequest, wording: Wording, language: str, form: WordingForm, person: User, before: LetterText
) -> HttpResponse:
    data, now = form.cleaned_data, timezone.now()
    text = LetterText(data["subject"], data["body"].replace("\r\n", "\n"))
    try:
        check_wording(wording, text)
        if "keep" in request.POST:
            kept = write_template(
                wording,
                language=language,
                text=text,
                reason=data["reason"],
                copied_from=data["copied_from"],
                in_use_from=data["in_use_from"],
                by=person,
                now=now,
            )
            messages.success(request, f"{kept} is kept. Letters already written stay as they are.")
            return _to(wording, language)
    except PolicyError as refused:
        for problem in refused.problems if isinstance(refused, BadLetterText) else [str(refused)]:
            form.add_error(None, problem)
        return _write(request, wording, language, form, before=before, text=text, status=HTTPStatus.CONFLICT)
    tried = _try(ChosenText(wording, language, 0, text), data["reference"], person, now)
    if tried is None:
        form.add_error("reference", "There is no such complaint. A reference looks like C26-004217-K.")
    return _write(request, wording, language, form, before=before, text=text, tried=tried)


def _write(
    request: HttpRequest,
    wording: Wording,
    language: str,
    form: WordingForm,
    *,
    before: LetterText,
    text: LetterText | None = None,
    tried: Tried | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    return _page(
        request,
        "copy",
        status=status,
        title=wording.label,
        wording=wording,
        language=language,
        form=form,
        names=BY_WORDING[wording],
        checked=text is not None and not form.non_field_errors(),
        tried=tried,
        changed=differences(_whole(before), _whole(text)) if text else (),
    )


def _in_use(wording: Wording, now: datetime) -> list[ChosenText]:
    """What ships, and over it the firm's own."""
    choices = {lang: ChosenText(wording, lang, 0, text) for lang, text in shipped(wording).items()}
    own = LetterTemplate.objects.filter(pk__in=LetterTemplate.objects.in_use(wording, now=now).values())
    choices |= {template.language: template.as_chosen() for template in own}
    return [choices[lang] for lang in sorted(choices, key=lambda lang: (lang != FIRST, lang))]


def _newest(wording: Wording, language: str) -> tuple[LetterText, int]:
    """What a new version is copied from: the newest, else what ships, else the first language."""
    newest = LetterTemplate.objects.of(wording, language).order_by("-version").first()
    if newest:
        return newest.text, newest.version
    texts = shipped(wording)
    return texts.get(language, texts[FIRST]), 0


def _with_changes(
    versions: list[LetterTemplate], first: LetterText | None
) -> list[tuple[LetterTemplate, Any]]:
    """Each version with what it changed; the newest first."""
    before = [*(version.text for version in versions[1:]), first][: len(versions)]
    return [
        (version, differences(_whole(older) if older else "", _whole(version.text)))
        for version, older in zip(versions, before, strict=True)
    ]


def _whole(text: LetterText) -> str:
    return f"{text.subject.strip()}\n\n{text.body.strip()}\n"


def _try(choice: ChosenText, reference: str, person: User, now: datetime) -> Tried | None:
    complaint = wording_preview.complaint_to_try(reference, by=person)
    if complaint is None:
        return None
    return Tried(complaint, wording_preview.preview(choice, complaint, by=person, now=now))


def _page(request: HttpRequest, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    common = {**admin.site.each_context(request), "may_write": request.user.has_perm(WRITE_LETTERS)}
    return TemplateResponse(request, f"desk/wording/{name}.html", {**common, **context}, status=status)


def _to(wording: Wording, language: str) -> HttpResponse:
    return HttpResponseRedirect(
        reverse("desk:wording", args=[wording, language]), status=HTTPStatus.SEE_OTHER
    )


def _wording_or_404(kind: str) -> Wording:
    try:
        return Wording(kind)
    except ValueError:
        raise Http404 from None


def _must_see(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(SEE_LETTERS):
        raise PermissionDenied
    return request.user


def _must_write(request: HttpRequest) -> User:
    person = _must_see(request)
    if not person.has_perm(WRITE_LETTERS):
        raise PermissionDenied
    return person
