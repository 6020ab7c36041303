"""Slowing down whoever tries links that nobody was sent. A link cannot be guessed; nobody needs to try it often."""

from http import HTTPStatus

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from complaints.resolution import pages

#: ASVS 5.0 asks for a limit and names none; a person mistypes a link a few times, a program thousands of times.
MOST_A_MINUTE = 20
MINUTE = 60


def has_had_enough(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= MOST_A_MINUTE


def slow_down(request: HttpRequest) -> HttpResponse:
    """The same page as for a link that opens nothing: trying on is not to tell one from the other."""
    answer = _nothing_there(request, HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(MINUTE)
    return answer


def refuse(request: HttpRequest) -> HttpResponse:
    """A link that opens nothing, whatever is wrong with it. It is counted."""
    _count(request)
    return _nothing_there(request, HTTPStatus.NOT_FOUND)


def _nothing_there(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return render(request, "customer/bad_link.html", pages.firm(), status=status)


def _count(request: HttpRequest) -> None:
    key = _key(request)
    if cache.add(key, 1, MINUTE):
        return
    try:
        cache.incr(key)
    except ValueError:  # the minute ended between the two
        cache.add(key, 1, MINUTE)


def _key(request: HttpRequest) -> str:
    return f"bad-links:{request.META.get('REMOTE_ADDR', '')}"
