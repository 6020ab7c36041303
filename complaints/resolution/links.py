"""The customer's signed links: each for one purpose and one complaint, expiring and revocable.

A token carries the complaint's id and its `link_key`; giving the complaint a new key revokes every link. The purpose
is the salt, so a link for one page opens no other. Links start with SITE_URL, never with what a request says.
"""

import re
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from complaints.resolution.models import Complaint, MessageKind

#: Stands in a letter for the link. Only the mail has the link itself: who holds it can answer in the customer's name.
LINK_HERE = "[link to your own page]"
LIFETIME = timedelta(days=180)
SIGNED = re.compile(r"(/c/[a-z-]+/)[\w:=-]{20,}/?")


class Purpose(StrEnum):
    STATUS = "status"
    ANSWER = "answer"
    OFFER = "offer"
    SURVEY = "survey"
    FOLLOW_UP = "follow_up"


#: The page a letter leads to; every other letter to the customer's own view of the complaint.
PAGES: dict[str, Purpose] = {
    MessageKind.QUESTION: Purpose.ANSWER,
    MessageKind.QUESTION_REMINDER: Purpose.ANSWER,
    MessageKind.OFFER: Purpose.OFFER,
    MessageKind.OFFER_REMINDER: Purpose.OFFER,
    MessageKind.FOLLOW_UP: Purpose.FOLLOW_UP,
    MessageKind.SURVEY: Purpose.SURVEY,
    MessageKind.SURVEY_REMINDER: Purpose.SURVEY,
}


class BadLink(Exception):
    """Forged, expired, revoked or meant for another page. The page never says which."""


def token(purpose: Purpose, complaint: Complaint) -> str:
    return signing.dumps([complaint.pk, complaint.link_key], salt=f"redress.{purpose}", compress=False)


def url(purpose: Purpose, complaint: Complaint) -> str:
    """The full address of the customer's page, for letters."""
    return f"{settings.SITE_URL}{path(purpose, token(purpose, complaint))}"


def path(purpose: Purpose, text: str) -> str:
    return reverse(f"customer:{purpose}", args=[text])


def put_in(text: str, kind: str, complaint: Complaint) -> str:
    """The words of a letter of this kind as only the customer gets them."""
    if LINK_HERE not in text:
        return text
    return text.replace(LINK_HERE, url(PAGES.get(kind, Purpose.STATUS), complaint))


def without_keys(text: str) -> str:
    """Words of a mail, or of somebody who pasted one, as staff may read them."""
    return SIGNED.sub(r"\1…", text)


def complaint_behind(purpose: Purpose, text: str) -> Complaint:
    """The complaint this link opens. Raises BadLink, one error for every reason."""
    try:
        pk, key = signing.loads(text, salt=f"redress.{purpose}", max_age=LIFETIME)
        complaint = Complaint.objects.select_related("customer", "handler").get(pk=pk, customer__isnull=False)
    except (signing.BadSignature, ValueError, TypeError, Complaint.DoesNotExist):
        raise BadLink from None
    if not constant_time_compare(complaint.link_key, key):
        raise BadLink
    return complaint
