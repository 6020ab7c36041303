from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from complaints.mailroom import admin as mailroom_admin
from complaints.mailroom.models import OutgoingMail
from tests.complaints.mailroom.post_office import a_letter, again

pytestmark = pytest.mark.django_db
LIST = "admin:mailroom_outgoingmail_changelist"
PAGE = "admin:mailroom_outgoingmail_change"


@pytest.fixture
def clerk(client: Client) -> Client:
    person = User.objects.create_user("clerk", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_outgoingmail"))
    client.force_login(person)
    return client


def test_staff_see_what_went_out(clerk: Client) -> None:
    mail = a_letter(subject="About your refund", body="<script>alert(1)</script>")
    assert b"About your refund" in clerk.get(reverse(LIST)).content
    page = clerk.get(reverse(PAGE, args=[mail.pk])).content
    assert mail.message_id.strip("<>").encode() in page
    assert b"<script>alert(1)</script>" not in page


def test_a_letter_is_found_by_its_whole_address(clerk: Client) -> None:
    mine, other = a_letter(subject="Mine"), a_letter(subject="Another")
    page = clerk.get(reverse(LIST), {"q": mine.to}).content
    assert b"Mine" in page
    assert b"Another" not in page
    assert other.subject.encode() in clerk.get(reverse(LIST), {"q": other.dedupe_key}).content


def test_sec_16_nothing_about_a_letter_is_changed_by_hand(admin_client: Client) -> None:
    mail = a_letter()
    for url in (reverse(PAGE, args=[mail.pk]), reverse("admin:mailroom_outgoingmail_add")):
        answer = admin_client.post(url, {"state": "sent", "to": "evil@x.example"})
        assert answer.status_code == 403
    delete = reverse("admin:mailroom_outgoingmail_delete", args=[mail.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    admin_client.post(
        reverse(LIST), {"action": "delete_selected", "_selected_action": [mail.pk], "post": "yes"}
    )
    assert (again(mail).state, again(mail).to) == (mail.state, mail.to)


def test_without_the_permission_there_is_no_list(client: Client) -> None:
    client.force_login(User.objects.create_user("other", is_staff=True))
    assert client.get(reverse(LIST)).status_code == 403


def test_the_list_costs_the_same_with_many_letters(
    clerk: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailroom_admin, "NEWEST", 30)
    a_letter()
    clerk.get(reverse(LIST))
    with django_assert_max_num_queries(7) as one:
        clerk.get(reverse(LIST))
    for _ in range(40):
        a_letter()
    with django_assert_max_num_queries(len(one)) as many:
        page = clerk.get(reverse(LIST))
    assert page.context["cl"].paginator.count == 30
    asked = [query["sql"] for query in many.captured_queries]
    assert not [sql for sql in asked if "mime" in sql.replace("mime_sha256", "")]
    assert not [sql for sql in asked if "COUNT(" in sql and "LIMIT 30" not in sql]
    assert OutgoingMail.objects.count() == 41
