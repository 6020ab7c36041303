"""Opening pages and filling in forms as a person would: what stands in a form goes back with what was typed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from complaints.desk.open_file import OpenFile
from complaints.resolution import actions
from complaints.resolution.models import Complaint
from tests.factories import (
    acknowledged,
    answered,
    approved,
    closed,
    fulfilling,
    investigating,
    offered,
    ready_to_offer,
    received,
    referred,
    waiting,
)

#: Lately enough for offers to be open and time to be left, whatever day it is.
LATELY = timezone.now() - timedelta(days=4)
IN_A_WEEK = (timezone.now() + timedelta(days=7)).date()
UNTOUCHED = {"sessions.Session", "admin.LogEntry"}


def withdrawn(*, by: User, now: Any = LATELY) -> Complaint:
    return actions.withdraw(received(now=now), words="Leave it.", by=by, now=now)


def merged(*, by: User, now: Any = LATELY) -> Complaint:
    one = received(now=now)
    other = received(now=now, customer=one.customer)
    return actions.merge(one, into=other, reason="The same call", by=by, now=now)


STAGES = {
    "received": received,
    "acknowledged": acknowledged,
    "investigating": investigating,
    "ready": ready_to_offer,
    "waiting": waiting,
    "referred": referred,
    "approved": approved,
    "offered": offered,
    "fulfilling": fulfilling,
    "answered": answered,
    "closed": closed,
    "withdrawn": withdrawn,
    "merged": merged,
}


def at_stage(stage: str, *, by: User) -> Complaint:
    details = {} if stage == "received" else {"by": by}
    complaint = STAGES[stage](now=LATELY, **details)
    complaint.refresh_from_db()
    return complaint


def page_of(complaint: Complaint, tab: str = "") -> str:
    address = reverse("admin:resolution_complaint_change", args=[complaint.pk])
    return f"{address}?tab={tab}" if tab else address


def do(complaint: Complaint, name: str, part: int | None = None) -> str:
    parts = [complaint.pk, name] if part is None else [complaint.pk, name, part]
    return reverse(f"admin:resolution_complaint_do{'' if part is None else '_part'}", args=parts)


def opened(complaint: Complaint, person: User) -> OpenFile:
    seen = Complaint.objects.select_related("customer", "category", "handler").get(pk=complaint.pk)
    return OpenFile(seen, person=User.objects.get(pk=person.pk), now=timezone.now())


def filled(client: Client, address: str, **typed: Any) -> dict[str, Any]:
    """What a browser would send: whatever stands in a field on the page, with these fields typed over."""
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200, page
    standing = standing_in(answer.context["form"])
    on_the_page = {name: value for name, value in standing.items() if f'name="{name}"' in page}
    once = {"once": answer.context["once"]} if "once" in answer.context else {}  # dialogs alone have one
    return {**once, **on_the_page, **typed}


def standing_in(form: Any) -> dict[str, Any]:
    data = dict(_values(form))
    for row in getattr(form, "lines", []):
        data |= _values(row)
    if hasattr(form, "lines"):
        data |= _values(form.lines.management_form)
    return data


def _values(form: Any) -> Iterator[tuple[str, Any]]:
    for field in form:
        value = field.value()
        if value is None or value is False:
            continue
        if hasattr(value, "values_list"):
            value = list(value.values_list("pk", flat=True))
        yield field.html_name, getattr(value, "pk", value)


def everything() -> dict[str, list[Any]]:
    """All there is in the database, but for who is logged in."""
    return {
        model._meta.label: sorted(map(str, model._default_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in UNTOUCHED and model._meta.managed
    }


def no_logins(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Logging in stamps the account; nothing else may differ."""
    return {label: rows for label, rows in tables.items() if label != "auth.User"}


def sign_in(page: Page, live_server: LiveServer, person: User) -> None:
    """The browser's own session, without the form."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    host = urlsplit(live_server.url).hostname or ""
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}])
