"""A firm chooses its own words: each version kept as it was written, the newest begun one in use."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, transaction

from complaints.policies.actions import write_template
from complaints.policies.exceptions import (
    BadLetterText,
    KeptAsWritten,
    MayNotWord,
    NothingNew,
    WhyNeeded,
    WordingMovedOn,
)
from complaints.policies.letter_names import Wording
from complaints.policies.letter_text import LetterText
from complaints.policies.models import ChosenText, LetterTemplate
from complaints.policies.shipped_letters import shipped
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TEXT = LetterText("Your complaint {reference}", "Hello {customer_name}, it is done.\n")


def author() -> User:
    user: User = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="add_lettertemplate"))
    return user


def write(
    text: LetterText = TEXT, *, copied_from: int = 0, now: datetime = NOW, **more: object
) -> LetterTemplate:
    facts: dict[str, object] = {"language": "en-GB", "reason": "Plainer.", "by": author()} | more
    return write_template(Wording.OUTCOME, text=text, copied_from=copied_from, now=now, **facts)  # type: ignore[arg-type]


def chosen(*, customer: str = "en", now: datetime = NOW) -> ChosenText:
    return LetterTemplate.objects.chosen(Wording.OUTCOME, customer=customer, house="en-GB", now=now)


def test_until_a_firm_writes_its_own_the_shipped_words_are_used_and_marked_as_such() -> None:
    choice = chosen()
    assert choice.text == shipped(Wording.OUTCOME)["en-GB"]
    assert choice.mark.startswith("outcome en-GB shipped ")


def test_words_about_nobody_in_particular_are_no_letter() -> None:
    with pytest.raises(BadLetterText, match="about the customer"):
        write(LetterText("Your complaint", "It is done. Call {firm_phone}.\n\n{firm_name}"))


def test_a_new_version_is_used_from_its_moment_on() -> None:
    write(in_use_from=NOW + timedelta(days=1))
    assert chosen().version == 0
    later = chosen(now=NOW + timedelta(days=1))
    assert (later.text, later.mark) == (TEXT, "outcome en-GB 1")


def test_the_newest_begun_version_is_used_whatever_was_written_last() -> None:
    write(in_use_from=NOW + timedelta(days=7))
    write(LetterText("Other {reference}", "Other words."), copied_from=1)
    assert chosen().version == 2
    assert chosen(now=NOW + timedelta(days=8)).version == 1


def test_a_customer_gets_their_own_language_as_soon_as_there_is_one() -> None:
    assert chosen(customer="fr-CH").language == "en-GB"
    write(language="fr")
    assert chosen(customer="fr-CH").mark == "outcome fr 1"
    assert chosen().language == "en-GB"


def test_a_version_is_never_changed_and_never_deleted() -> None:
    template = write()
    template.body = "Other words."
    with pytest.raises(KeptAsWritten):
        template.save()
    with pytest.raises(KeptAsWritten):
        template.delete()
    with pytest.raises(KeptAsWritten):
        LetterTemplate.objects.update(body="")
    with pytest.raises(KeptAsWritten):
        LetterTemplate.objects.all().delete()
    assert LetterTemplate.objects.get().text == TEXT


def test_sec_09_a_name_that_is_not_on_the_list_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(BadLetterText, match=r"Line 1: “{{ settings.SECRET_KEY }}” stands for nothing"):
        write(LetterText("Fine", "{{ settings.SECRET_KEY }}"))
    assert not LetterTemplate.objects.exists()


def test_who_may_not_choose_our_words_does_not() -> None:
    with pytest.raises(MayNotWord):
        write(by=factories.manager_user())


def test_a_change_has_a_reason_and_is_one() -> None:
    with pytest.raises(WhyNeeded):
        write(reason=" ")
    with pytest.raises(NothingNew):
        write(shipped(Wording.OUTCOME)["en-GB"])
    write()
    with pytest.raises(NothingNew):
        write(LetterText(TEXT.subject, "Hello {customer_name}, it is done. \r\n\r\n"), copied_from=1)


def test_of_two_who_write_at_once_the_second_is_told() -> None:
    write()
    with pytest.raises(WordingMovedOn, match="version 1"):
        write(LetterText("Mine {reference}", "Mine."))
    assert LetterTemplate.objects.count() == 1


def test_the_database_holds_one_version_of_each_number() -> None:
    first = write()
    twin = LetterTemplate(
        kind=first.kind,
        language=first.language,
        version=1,
        subject="s",
        body="b",
        made_by=first.made_by,
        made_at=NOW,
        reason="r",
        in_use_from=NOW,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
