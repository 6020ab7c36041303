import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import escape

from complaints.resolution import why
from complaints.resolution.models import Complaint, Reading
from tests.dumps import whole_database
from tests.escalations.people import ladder, raised
from tests.factories import acknowledged, closed, handler_user, received, supervisor_user, waiting

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def me() -> User:
    return handler_user()


@pytest.fixture
def client(me: User) -> Client:
    return signed_in(me)


def asked(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_deadline_tells_its_sum_and_shows_its_calendar(client: Client) -> None:
    for complaint in (received(), acknowledged(), waiting(), closed()):
        for deadline in complaint.deadlines.all():
            page = asked(client, f"/desk/why/{deadline.pk}/")
            assert all(escape(words) in page for words in [deadline.label, *deadline.reasons])
            assert ("r-strip__day--end" in page) == bool(
                run.steps if (run := why.run_behind(deadline)) else ()
            )


def test_the_calendar_ends_on_the_day_that_is_stored(client: Client) -> None:
    for deadline in waiting().deadlines.all():
        run = why.run_behind(deadline)
        assert run is not None
        assert run.due_at == deadline.due_at


def test_the_date_in_the_list_is_the_nearest_and_none_is_said_to_be_none(client: Client) -> None:
    complaint = received()
    page = asked(client, f"/desk/why/next/{complaint.pk}/")
    assert complaint.next_due_label in page
    assert f"/desk/why/next/{complaint.pk}/" in asked(client, "/desk/resolution/complaint/?list=all")
    assert "Nothing is due" in asked(client, f"/desk/why/next/{closed().pk}/")


def test_the_date_of_a_question_is_its_levels(client: Client) -> None:
    ladder()
    question = raised()
    page = asked(client, f"/desk/why/answer/{question.pk}/")
    assert str(question.queue) in page
    assert "passes up the ladder" in page


def test_who_may_not_see_the_complaint_is_not_told_its_dates(me: User, client: Client) -> None:
    complaint = received(about=[me])
    deadline = complaint.deadlines.first()
    assert deadline is not None
    for url in (f"/desk/why/{deadline.pk}/", f"/desk/why/next/{complaint.pk}/", "/desk/why/999999/"):
        assert client.get(url).status_code == 404
    assert signed_in(supervisor_user()).get(f"/desk/why/{deadline.pk}/").status_code == 200
    assert Client().get(f"/desk/why/{deadline.pk}/").status_code == 302


def test_looking_changes_nothing_but_the_log_of_restricted_readings(me: User, client: Client) -> None:
    complaint = received()
    before = whole_database()
    asked(client, f"/desk/why/next/{complaint.pk}/")
    assert whole_database() == before
    assert client.post(f"/desk/why/next/{complaint.pk}/").status_code == 405
    Complaint.objects.filter(pk=complaint.pk).update(restricted=True, handler=me)
    asked(client, f"/desk/why/next/{complaint.pk}/")
    assert Reading.objects.filter(complaint=complaint, reader=me).count() == 1


def test_a_window_of_reading_is_a_few_queries(client: Client, django_assert_max_num_queries: object) -> None:
    complaint = waiting()
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        client.get(f"/desk/why/next/{complaint.pk}/")
