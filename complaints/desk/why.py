"""Why this date? Every date of the desk can be asked; the answer is the sum, in words and as a calendar."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.policies.explanation import due_explained
from complaints.policies.strip import strip
from complaints.resolution import actions, why
from complaints.resolution.models import Complaint, Deadline
from complaints.resolution.timing import pack_of
from escalations.clock import answer_within
from escalations.models import Escalation


@require_safe
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Deadline, pk=pk)
    return _of_deadline(request, _seen(request, found.complaint_id), found)


@require_safe
def next_due(request: HttpRequest, pk: int) -> HttpResponse:
    """The date that stands in the lists. Whoever comes late, when nothing is due any more, is told so."""
    complaint = _seen(request, pk)
    found = why.nearest(complaint)
    if found is None:
        return _page(request, complaint, label="Nothing is due", reasons=["No clock is running."])
    return _of_deadline(request, complaint, found)


@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The date by which a question must be taken up."""
    question = get_object_or_404(Escalation.objects.select_related("queue"), pk=pk)
    complaint = _seen(request, question.complaint_id)
    pack = pack_of(complaint)
    limit = answer_within(question.queue, pack)
    told = due_explained(question.raised_at, limit, pack.calendar, verb="Raised")
    return _page(
        request,
        complaint,
        label=f"{question.queue} takes it up",
        due_at=question.due_at,
        reasons=[*told.reasons, f"Within {limit} of being raised; then it passes up the ladder."],
        weeks=strip(told.steps),
    )


def _of_deadline(request: HttpRequest, complaint: Complaint, found: Deadline) -> HttpResponse:
    found.complaint = complaint
    run = why.run_behind(found)
    return _page(
        request,
        complaint,
        label=found.label,
        deadline=found,
        due_at=found.due_at,
        reasons=found.reasons,
        weeks=strip(run.steps) if run else (),
        warnings=[at for _, at in run.milestones if at < found.due_at] if run else [],
        rule=why.rule_of(found),
    )


def _page(request: HttpRequest, complaint: Complaint, **context: Any) -> HttpResponse:
    now = timezone.now()
    if isinstance(request.user, User):
        actions.log_reading(complaint, by=request.user, now=now)
    common = {
        **admin.site.each_context(request),
        "title": "Why this date?",
        "complaint": complaint,
        "now": now,
    }
    return TemplateResponse(request, "desk/why.html", {**common, **context})


def _seen(request: HttpRequest, pk: int) -> Complaint:
    """Of a complaint this person may see. If not there is none: 404, whatever the reason."""
    found = Complaint.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
