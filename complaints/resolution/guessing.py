"""Slowing down whoever tries links that nobody was sent. A link cannot be guessed; nobody needs to try it often."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from complaints.resolution import pages
from complaints.resolution.restraint import MINUTE, Limit, place_of

#: ASVS 5.0 asks for a limit and names none; a person mistypes a link a few times, a program thousands of times.
MOST_A_MINUTE = 20
BAD_LINKS = Limit("bad-links", MOST_A_MINUTE, MINUTE)


def has_had_enough(request: HttpRequest) -> bool:
    return BAD_LINKS.is_reached(place_of(request))


def slow_down(request: HttpRequest) -> HttpResponse:
    """The same page as for a link that opens nothing: trying on is not to tell one from the other."""
    answer = _nothing_there(request, HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(MINUTE)
    return answer


def refuse(request: HttpRequest) -> HttpResponse:
    """A link that opens nothing, whatever is wrong with it. It is counted."""
    BAD_LINKS.count(place_of(request))
    return _nothing_there(request, HTTPStatus.NOT_FOUND)


def _nothing_there(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return render(request, "customer/bad_link.html", pages.firm(), status=status)
