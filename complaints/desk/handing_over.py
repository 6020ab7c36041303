"""Handing over in bulk, in two steps: look at what would go, then do it. A GET looks and changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from complaints.desk.forms.handing_over import HandOverForm
from complaints.resolution.actors import name_of
from complaints.resolution.exceptions import Refused
from escalations import actions, tasks
from escalations.handing_over import Preview, preview
from escalations.models import Handover

LOAD = "admin:escalations_handover_changelist"


@dataclass(frozen=True, slots=True)
class Asked:
    request: HttpRequest
    person: User
    now: datetime
    context: dict[str, Any]

    def page(
        self, form: HandOverForm, *, seen: Preview | None = None, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        shown = {"title": "Hand over", "form": form, "preview": seen, "load": reverse(LOAD)}
        return TemplateResponse(self.request, "desk/hand_over.html", self.context | shown, status=status)


def show(asked: Asked) -> HttpResponse:
    """The form; with its answers, what would go and what would stay."""
    wanted = asked.request.GET
    if not wanted.get("look"):
        known = {name: wanted[name] for name in ("giver", "which", "reason") if name in wanted}
        return asked.page(HandOverForm(initial={**known, "takers": wanted.getlist("takers")}))
    form = HandOverForm(wanted)
    if not form.is_valid():
        return asked.page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return asked.page(form, seen=_preview(asked, form))


def do(asked: Asked) -> HttpResponse:
    form = HandOverForm(asked.request.POST)
    if not form.is_valid():
        return asked.page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        planned = actions.plan_handover(**form.cleaned_data, by=asked.person, now=asked.now)
    except Refused as refused:
        form.add_error(None, str(refused))
        return asked.page(form, status=HTTPStatus.CONFLICT)
    begun = actions.hand_over_piece(planned, now=asked.now)
    if begun.finished_at is None:
        tasks.ring(begun.pk)
    messages.success(asked.request, _told(begun))
    return HttpResponseRedirect(reverse(LOAD), status=HTTPStatus.SEE_OTHER)


def _preview(asked: Asked, form: HandOverForm) -> Preview:
    data = form.cleaned_data
    return preview(data["giver"], list(data["takers"]), which=data["which"], by=asked.person, now=asked.now)


def _told(handover: Handover) -> str:
    what = f"{handover.given} of {name_of(handover.giver)}’s complaints handed over"
    if handover.finished_at is None:
        return f"{what} so far. The rest follows by itself."
    return f"{what}, {handover.left} left as before." if handover.left else f"{what}."
