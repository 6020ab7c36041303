"""What whoever sent a request we could not take is told."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from complaints.resolution.forms import files
from complaints.resolution.pages import firm
from complaints.resolution.restraint import elsewhere

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django calls everything it stopped reading a bad request; what was only too large deserves another word."""
    if not isinstance(exception, TOO_MUCH):
        return defaults.bad_request(request, exception)
    context = {**firm(), "elsewhere": elsewhere(), "taken": files().help_text}
    return render(request, "customer/too_much.html", context, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
