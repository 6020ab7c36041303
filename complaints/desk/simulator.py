"""Trying a pack on a complaint that does not exist: every deadline with its sum. Nothing is written anywhere."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.desk.forms.simulator import SimulatorForm
from complaints.desk.navigation import SEE
from complaints.desk.policies import pack_or_404
from complaints.policies.deadlines import ComputedDeadline
from complaints.policies.exceptions import PolicyError
from complaints.policies.simulator import NotStarted, not_started, simulate
from complaints.policies.strip import Square, strip


@dataclass(frozen=True)
class Shown:
    """One deadline with its sum as a calendar."""

    deadline: ComputedDeadline
    weeks: tuple[tuple[Square, ...], ...]


@dataclass(frozen=True)
class Outcome:
    deadlines: list[Shown]
    waiting: tuple[NotStarted, ...]


@require_safe
def page(request: HttpRequest, code: str, version: int) -> HttpResponse:
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    pack = pack_or_404(code, version)
    now = timezone.now().astimezone(pack.calendar.zone)
    with timezone.override(pack.calendar.zone):  # what is typed is meant as the clocks of this pack show it
        form = SimulatorForm(request.GET, pack=pack, now=now)
        outcome = _outcome(form) if form.is_valid() else None
        context: dict[str, Any] = {
            **admin.site.each_context(request),
            "title": "Simulator",
            "pack": pack,
            "form": form,
            "outcome": outcome,
        }
        status = HTTPStatus.OK if outcome else HTTPStatus.UNPROCESSABLE_ENTITY
        return TemplateResponse(request, "desk/policies/simulator.html", context, status=status).render()


def _outcome(form: SimulatorForm) -> Outcome | None:
    """Nothing where the engine refuses what was asked; the form then says why."""
    pack, received_at = form.pack, form.cleaned_data["received_at"]
    try:
        facts, moments = form.facts(), form.moments()
        computed = simulate(
            pack, received_at, facts=facts, pauses=form.pauses(), notices=form.notices(), **moments
        )
        waiting = not_started(pack, received_at, facts=facts, **moments)
    except PolicyError as refused:
        form.refuse(refused)
        return None
    return Outcome([Shown(one, strip(one.steps)) for one in computed], waiting)
