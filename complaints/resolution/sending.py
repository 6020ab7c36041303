"""What comes through customers' pages: how much of it at once, and how it is said that it was too much.

Words are never refused for being many. What a page does not take this time it shows again, with all that was typed.
"""

import logging
from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files import File
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from complaints.resolution.forms import NOT_TODAY, TOO_MUCH
from complaints.resolution.restraint import HOUR, MINUTE, Limit, documents_today, elsewhere, place_of

#: A family, or an office behind one address, sends a handful of forms in a minute; a program sends hundreds.
FROM_ONE_PLACE = Limit("sendings", 100, MINUTE)
TOO_MANY = "too_many"
#: Why nothing was taken: the status that says so to a program, and after how many seconds to try again.
SAID: dict[str, tuple[int, int]] = {TOO_MUCH: (413, 0), NOT_TODAY: (429, HOUR), TOO_MANY: (429, MINUTE)}

logger = logging.getLogger(__name__)


def are_too_many(request: HttpRequest) -> bool:
    """Count this one, and say whether its place has sent more than people do."""
    return FROM_ONE_PLACE.count(place_of(request)) > FROM_ONE_PLACE.most


def too_many() -> ValidationError:
    words = (
        "Very many forms have come from your internet connection within a minute, so we have not taken this one yet. "
        f"What you wrote is still here: please send it again in a minute. If you would rather not wait, {elsewhere()}."
    )
    return ValidationError(words, code=TOO_MANY)


def told(answer: HttpResponse, form: Form | None) -> HttpResponse:
    """The page with the form, under the status of what was too much about it, if anything was."""
    for code, (status, seconds) in SAID.items():
        if form is not None and _was(form, code):
            answer.status_code = status
            if seconds:
                answer.headers["Retry-After"] = str(seconds)
    return answer


def _was(form: Form, code: str) -> bool:
    return form.has_error("documents", code) or form.has_error(NON_FIELD_ERRORS, code)


def count_documents(files: "Iterable[File[bytes]]") -> None:
    """Toward what the house takes in a day. Who runs it hears when that is all."""
    limit, size = documents_today(), sum(file.size for file in files)
    if size and (now := limit.count(number=size)) >= limit.most > now - size:
        logger.error("Customers' pages take no more documents today: DOCUMENTS_MB_A_DAY is used up.")
