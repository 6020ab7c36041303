from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import path, reverse
from unfold.sites import UnfoldAdminSite

from complaints.mailroom import admin as mailroom_admin
from complaints.mailroom.admin import OutgoingMailAdmin
from complaints.mailroom.models import OutgoingMail, State
from tests.complaints.mailroom.post_office import NOW, a_letter, again

# A site of its own: another app may show staff less of the post than there is.
site = UnfoldAdminSite(name="admin")
site.register(OutgoingMail, OutgoingMailAdmin)
urlpatterns = [path("desk/", site.urls)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
LIST = "admin:mailroom_outgoingmail_changelist"
PAGE = "admin:mailroom_outgoingmail_change"


@pytest.fixture
def clerk(client: Client) -> Client:
    person = User.objects.create_user("clerk", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_outgoingmail"))
    client.force_login(person)
    return client


def test_staff_see_what_went_out(clerk: Client) -> None:
    mail = a_letter(subject="About your refund", body="Dear Ann,\n<script>alert(1)</script>")
    assert b"About your refund" in clerk.get(reverse(LIST)).content
    page = clerk.get(reverse(PAGE, args=[mail.pk])).content
    assert mail.message_id.strip("<>").encode() in page
    assert b"Dear Ann,<br>&lt;script&gt;" in page
    assert b"<script>alert(1)</script>" not in page


@pytest.mark.parametrize(
    ("is_now", "says"),
    [
        ({"sent_at": NOW, "attempts": 2, "state": State.SENT}, "2 Mar 2026, 09:00"),
        ({"due_at": NOW, "attempts": 0, "state": State.QUEUED}, "next 2 Mar 2026, 09:00"),
        ({"due_at": NOW, "attempts": 3, "state": State.QUEUED}, "3 times, next 2 Mar 2026, 09:00"),
        ({"attempts": 1, "state": State.FAILED}, "once"),
        ({"attempts": 0, "state": State.CANCELLED}, "–"),
    ],
)
def test_one_column_tells_when_a_letter_left_or_how_often_it_was_tried(
    is_now: dict[str, Any], says: str
) -> None:
    told = OutgoingMailAdmin(OutgoingMail, site).tried(OutgoingMail(**is_now))
    assert told.replace("\xa0", " ") == says


def test_kinds_and_moments_are_in_the_words_of_the_desk(clerk: Client) -> None:
    mail = a_letter(kind="escalation_notice", now=NOW.replace(hour=15, minute=5))
    for address in (reverse(LIST), reverse(PAGE, args=[mail.pk])):
        page = clerk.get(address).content.decode()
        assert "Escalation notice" in page
        assert "15:05" in page
        assert "escalation_notice" not in page
        assert "p.m." not in page


def test_a_letter_is_found_by_its_whole_address(clerk: Client) -> None:
    mine, other = a_letter(subject="Mine"), a_letter(subject="Another")
    page = clerk.get(reverse(LIST), {"q": mine.to}).content
    assert b"Mine" in page
    assert b"Another" not in page
    assert other.subject.encode() in clerk.get(reverse(LIST), {"q": other.dedupe_key}).content


def test_sec_16_nothing_about_a_letter_is_changed_by_hand(rf: RequestFactory, admin_user: User) -> None:
    mail, page = a_letter(), OutgoingMailAdmin(OutgoingMail, site)
    request = rf.post("/", {"state": "sent", "to": "evil@x.example", "post": "yes"})
    request.user, request._dont_enforce_csrf_checks = admin_user, True  # type: ignore[attr-defined]
    for face in (partial(page.change_view, object_id=str(mail.pk)), page.add_view,
                 partial(page.delete_view, object_id=str(mail.pk))):  # fmt: skip
        with pytest.raises(PermissionDenied):
            face(request)
    assert page.get_actions(request) == {}
    assert (again(mail).state, again(mail).to) == (mail.state, mail.to)


def test_without_the_permission_there_is_no_list(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = User.objects.create_user("other", is_staff=True)
    with pytest.raises(PermissionDenied):
        OutgoingMailAdmin(OutgoingMail, site).changelist_view(request)


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
