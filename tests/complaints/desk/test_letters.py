from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import OutgoingMail, State
from tests import factories
from tests.dumps import whole_database
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def letter(state: State) -> OutgoingMail:
    mail = mailroom.post(
        to="maria@example.com",
        subject="Your complaint",
        body="Hello",
        kind="update",
        dedupe_key=state,
        now=NOW,
    )
    lease = {"lease_until": NOW + timedelta(minutes=5), "lease_owner": "x"}
    OutgoingMail.objects.filter(pk=mail.pk).shift(State.SENDING, **lease)
    OutgoingMail.objects.filter(pk=mail.pk).shift(state)
    return OutgoingMail.objects.get(pk=mail.pk)


def person(*permissions: str) -> User:
    user: User = factories.UserFactory()
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return user


def do(mail: OutgoingMail, name: str) -> str:
    return reverse("admin:mailroom_outgoingmail_do", args=[mail.pk, name])


def read(client: Client, mail: OutgoingMail) -> str:
    return client.get(reverse("admin:mailroom_outgoingmail_change", args=[mail.pk])).content.decode()


def test_a_failed_letter_is_sent_again_by_who_may(client: Client) -> None:
    mail = letter(State.FAILED)
    client.force_login(person("view_outgoingmail", "resend_outgoingmail"))
    text = read(client, mail)
    assert do(mail, "send-again") in text
    assert do(mail, "count-as-sent") not in text

    before = whole_database()
    assert client.get(do(mail, "send-again")).status_code == 200
    assert whole_database()["mailroom.OutgoingMail"] == before["mailroom.OutgoingMail"]

    assert client.post(do(mail, "send-again")).status_code == 303
    mail.refresh_from_db()
    assert mail.state == State.QUEUED
    assert client.post(do(mail, "send-again")).status_code == 409


def test_a_doubtful_letter_may_be_counted_as_sent(client: Client) -> None:
    mail = letter(State.AMBIGUOUS)
    client.force_login(person("view_outgoingmail", "resend_outgoingmail"))
    assert client.post(do(mail, "count-as-sent")).status_code == 303
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_who_only_reads_sees_no_button_and_is_refused(client: Client) -> None:
    mail = letter(State.FAILED)
    client.force_login(person("view_outgoingmail"))
    assert do(mail, "send-again") not in read(client, mail)
    assert client.post(do(mail, "send-again")).status_code == 403
    client.force_login(person())
    assert client.post(do(mail, "send-again")).status_code == 404
    mail.refresh_from_db()
    assert mail.state == State.FAILED
