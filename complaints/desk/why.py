"""Why this date? Every date of the desk can be asked; the answer is the sum, in words and as a calendar."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.desk import reasons
from complaints.followups.models import PlannedLetter
from complaints.policies.explanation import due_explained
from complaints.policies.limits import limit_from
from complaints.policies.strip import strip
from complaints.resolution import actions, why
from complaints.resolution.models import Complaint, Deadline, Offer, Promise
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
    """The date by which a question must be taken up, by the limit and the policy of the moment it came there."""
    question = get_object_or_404(Escalation.objects.select_related("queue"), pk=pk)
    complaint = _seen(request, question.complaint_id)
    pack = why.pack_at(complaint, question.queued_at)
    limit = limit_from(question.answer_within or answer_within(question.queue, pack).spelled)
    verb = "Passed up to this queue" if question.passed_up_from_id else "Raised"
    told = due_explained(question.queued_at, limit, pack.calendar, verb=verb)
    sooner = question.due_at < told.moment
    return _page(
        request,
        complaint,
        label=f"Answer due: {question.queue}",
        due_at=question.due_at,
        still_due=question.is_unanswered,
        state=question.get_state_display().lower(),
        reasons=[
            *told.reasons,
            *(["Whoever asked needs the answer sooner."] if sooner else []),
            f"After {limit} without an answer it passes up the ladder.",
        ],
        weeks=() if sooner else strip(told.steps),
    )


@require_safe
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Promise.objects.select_related("message", "owner"), pk=pk)
    complaint = _seen(request, found.complaint_id)
    return _page(
        request,
        complaint,
        label=found.text,
        due_at=found.due_at,
        still_due=found.is_open,
        state="" if found.is_open else "kept" if found.kept_at else "let go",
        reasons=reasons.of_promise(found),
    )


@require_safe
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """The days in an offer: of each line, of the customer's decision, of our asking afterwards."""
    found = get_object_or_404(Offer.objects.select_related("proposed_by"), pk=pk)
    found.complaint = _seen(request, found.complaint_id)
    return _page(
        request,
        found.complaint,
        label=f"The days in offer {found.version}",
        offer=found,
        dates=list(reasons.of_offer(found)),
    )


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """When a letter goes that falls due by itself."""
    found = get_object_or_404(PlannedLetter.objects.select_related("cycle"), pk=pk)
    found.complaint = found.cycle.complaint = _seen(request, found.complaint_id)
    waits = found.settled_at is None
    return _page(
        request,
        found.complaint,
        label=f"{found.get_kind_display()} goes by itself",
        due_at=found.due_at,
        still_due=waits,
        state="" if waits else found.get_state_display().lower(),
        reasons=reasons.of_letter(found),
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
