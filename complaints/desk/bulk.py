"""Deeds done from a work list: take the next complaint, give many to one person. Each complaint by its own verb."""

import re
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse

from complaints.desk.filters import handlers
from complaints.resolution import actions
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Complaint

MOST_AT_ONCE = 200
IS_KEY = re.compile(r"[0-9]{1,18}\Z")


class SeeOther(HttpResponseRedirect):
    status_code = 303


def do(request: HttpRequest, user: User, *, now: datetime) -> HttpResponse:
    deeds = {"take_next": take_next, "assign": assign}
    deed = deeds.get(request.POST.get("do", ""))
    return deed(request, user, now=now) if deed else HttpResponseBadRequest("There is no such deed.")


def take_next(request: HttpRequest, user: User, *, now: datetime) -> HttpResponse:
    try:
        complaint = actions.take_next(by=user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
        return SeeOther(request.get_full_path())
    if complaint is None:
        messages.info(request, "Nothing is waiting to be taken. Every complaint is in somebody's hands.")
        return SeeOther(request.get_full_path())
    messages.success(request, f"{complaint.reference} is yours.")
    return SeeOther(reverse("admin:resolution_complaint_change", args=[complaint.pk]))


def assign(request: HttpRequest, user: User, *, now: datetime) -> HttpResponse:
    """Give what was selected to one person. What may not be given stays as it is; only numbers are told."""
    person = _person(request.POST.get("to", ""), user)
    chosen = {int(pk) for pk in request.POST.getlist("pk")[:MOST_AT_ONCE] if IS_KEY.match(pk)}
    if person is None or not chosen:
        messages.warning(request, "Select complaints, and somebody to give them to.")
        return SeeOther(request.get_full_path())
    given = _give(chosen, person, by=user, now=now)
    if given:
        whom = "you" if person == user else person.get_full_name() or person.get_username()
        messages.success(request, f"{_complaints(given)} given to {whom}.")
    if left := len(chosen) - given:
        messages.warning(request, f"{_complaints(left)} left as before: not yours to give, or not possible.")
    return SeeOther(request.get_full_path())


def _person(text: str, user: User) -> User | None:
    if text == "me":
        return user
    return next((person for person in handlers() if str(person.pk) == text), None)


def _give(chosen: set[int], person: User, *, by: User, now: datetime) -> int:
    given = 0
    for complaint in Complaint.objects.visible_to(by).filter(pk__in=chosen).by_urgency():
        try:
            actions.assign(complaint, to=person, by=by, now=now)
        except Refused:
            continue
        given += 1
    return given


def _complaints(number: int) -> str:
    return "1 complaint" if number == 1 else f"{number} complaints"
