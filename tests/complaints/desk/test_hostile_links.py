"""SEC-04: an address somebody typed never becomes a link that runs."""

import re

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from complaints.resolution import actions, links
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint, Customer
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOSTILE = "javascript:alert(1)"
OURS = ("resolution", "intake", "followups", "mailroom", "escalations")
LINK = re.compile(r"""(?:href|src|action|formaction)\s*=\s*["']?\s*javascript:""", re.IGNORECASE)


def test_sec_04_no_model_has_a_field_that_a_page_would_turn_into_a_link() -> None:
    """The theme's read-only pages make a link of any URLField, whatever its scheme."""
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.URLField)
    ]
    assert found == []


def hostile_complaint() -> Complaint:
    handler = factories.handler_user()
    customer = factories.CustomerFactory(name=HOSTILE, phone=HOSTILE, address=HOSTILE, access_needs=HOSTILE)
    complaint = factories.ready_to_offer(
        by=handler, customer=customer, title=HOSTILE, words=HOSTILE, company=HOSTILE, points=[HOSTILE]
    )
    actions.note(complaint, text=HOSTILE, by=handler, now=NOW)
    Complaint.objects.filter(pk=complaint.pk).update(
        desired_outcome=HOSTILE, restatement=HOSTILE, external_source=HOSTILE, external_id=HOSTILE
    )
    Customer.objects.filter(pk=customer.pk).update(postcode="javascript:x")
    return complaint


def test_sec_04_no_page_links_to_a_script_whatever_was_written(client: Client) -> None:
    complaint = hostile_complaint()
    administrator = factories.UserFactory(is_superuser=True)
    client.force_login(administrator)
    change = reverse("admin:resolution_complaint_change", args=[complaint.pk])
    pages = [
        reverse("admin:resolution_complaint_changelist") + "?list=all",
        change,
        *(f"{change}?tab={tab}" for tab in ("facts", "offer", "escalations", "customer", "history")),
        reverse("admin:resolution_complaint_history", args=[complaint.pk]),
        reverse("admin:resolution_customer_changelist"),
        reverse("admin:resolution_customer_change", args=[complaint.customer_id]),
        reverse("admin:resolution_customer_history", args=[complaint.customer_id]),
        reverse("desk:search") + "?q=javascript",
        links.path(Purpose.STATUS, links.token(Purpose.STATUS, complaint)),
    ]
    shown = 0
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        assert not LINK.search(text), address
        shown += HOSTILE in text
    assert shown > len(pages) / 2, "the text is shown as text, not left out"
