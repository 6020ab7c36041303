"""Who may see what: one rule, asked everywhere."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from complaints.resolution import actions
from complaints.resolution.exceptions import NotPermitted, NotVisible, OwnMatter, ReasonNeeded
from complaints.resolution.models import Complaint, Reading
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def seen_by(user: object) -> set[Complaint]:
    return set(Complaint.objects.visible_to(user))  # type: ignore[arg-type]


def test_staff_see_complaints_and_nobody_else_does() -> None:
    complaint = factories.received()
    assert seen_by(factories.handler_user()) == {complaint}
    assert seen_by(factories.UserFactory()) == set()
    assert seen_by(AnonymousUser()) == set()
    assert seen_by(factories.handler_user(is_active=False)) == set()


def test_a_restricted_complaint_is_seen_by_its_handler_and_the_people_named() -> None:
    handler, named, restricting = (
        factories.handler_user(),
        factories.handler_user(),
        factories.supervisor_user(),
    )
    complaint = factories.investigating(by=handler)
    actions.restrict(complaint, confidants=[named], reason="Staff matter", by=restricting, now=NOW)

    for insider in (handler, named, restricting):
        assert seen_by(insider) == {complaint}
    for outsider in (
        factories.handler_user(),
        factories.manager_user(),
        factories.UserFactory(is_superuser=True),
    ):
        assert seen_by(outsider) == set()


def test_a_complaint_about_a_member_of_staff_is_invisible_to_that_person_whatever_their_role() -> None:
    accused: list[User] = [factories.manager_user(), factories.UserFactory(is_superuser=True)]
    complaint = factories.received(about=accused)

    assert seen_by(factories.handler_user()) == {complaint}
    for person in accused:
        assert seen_by(person) == set()
        with pytest.raises(NotVisible):
            actions.note(complaint, text="Nonsense", by=person, now=NOW)


def test_the_person_complained_about_cannot_be_given_the_complaint() -> None:
    accused = factories.handler_user()
    complaint = factories.received(about=[accused])
    with pytest.raises(OwnMatter):
        actions.assign(complaint, to=accused, by=factories.supervisor_user(), now=NOW)


def test_only_those_who_work_complaints_are_given_one() -> None:
    complaint = factories.received()
    with pytest.raises(NotPermitted):
        actions.assign(complaint, to=factories.quality_user(), by=factories.supervisor_user(), now=NOW)


def test_a_handler_takes_what_nobody_holds_and_gives_away_nothing() -> None:
    handler, colleague = factories.handler_user(), factories.handler_user()
    complaint = actions.assign(factories.received(), to=handler, by=handler, now=NOW)
    assert complaint.handler == handler
    with pytest.raises(NotPermitted):
        actions.assign(complaint, to=colleague, by=handler, now=NOW)
    with pytest.raises(NotPermitted):
        actions.assign(complaint, to=colleague, by=colleague, now=NOW)


def test_restricting_needs_a_supervisor_and_a_reason() -> None:
    complaint = factories.received()
    with pytest.raises(NotPermitted):
        actions.restrict(complaint, confidants=[], reason="Why not", by=factories.handler_user(), now=NOW)
    with pytest.raises(ReasonNeeded):
        actions.restrict(complaint, confidants=[], reason=" ", by=factories.supervisor_user(), now=NOW)


def test_opening_a_restricted_complaint_is_written_down() -> None:
    supervisor = factories.supervisor_user()
    complaint = factories.received()
    actions.log_reading(complaint, by=supervisor, now=NOW)
    complaint = actions.restrict(complaint, confidants=[], reason="Staff matter", by=supervisor, now=NOW)
    actions.log_reading(complaint, by=supervisor, now=NOW)

    assert [(reading.reader, reading.at) for reading in Reading.objects.all()] == [(supervisor, NOW)]
