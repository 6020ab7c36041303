"""A customer's mail goes where somebody reads it."""

import pytest

from complaints.mailroom import actions as mailroom
from complaints.resolution import actions
from complaints.resolution.exceptions import NotPossibleNow
from complaints.resolution.models import Message
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_nothing_is_put_into_a_complaint_that_was_merged_meanwhile() -> None:
    customer, supervisor = factories.CustomerFactory(), factories.supervisor_user()
    one, other = factories.waiting(customer=customer), factories.received(customer=customer)
    mail = mailroom.keep(b"Subject: Any news?\r\n\r\nAny news?\r\n", now=NOW)
    actions.merge(one, into=other, reason="The same matter", by=supervisor, now=NOW)
    written = actions.Written(mail=mail, subject="Any news?", body="Any news?")
    with pytest.raises(NotPossibleNow):
        actions.take_mail(one, written=written, by=customer, now=NOW, may_answer=True)
    assert not Message.objects.filter(received_as=mail).exists()
    assert actions.take_mail(other, written=written, by=customer, now=NOW).complaint == other
