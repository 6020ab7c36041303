from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from complaints.desk import escalation_list
from complaints.desk.admin.escalations import EscalationAdmin
from complaints.desk.templatetags.escalation_words import age
from complaints.resolution import actions as resolution
from complaints.resolution.models import AuthorityLimit, Category, Complaint, Reading
from complaints.resolution.models import State as ComplaintState
from escalations import actions
from escalations.models import Decision, Escalation, State
from tests import factories
from tests.escalations.people import LATER, ladder, manager, over_limit, queue, raised, seal_of, supervisor
from tests.factories import LETTER, NOW, TRIED

pytestmark = pytest.mark.django_db
LIST = "/desk/escalations/escalation/"
FULL_PAGE, FULL_LIST = 25, 12


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(escalation: Escalation) -> str:
    return f"{LIST}{escalation.pk}/change/"


def do(escalation: Escalation, name: str) -> str:
    return f"{LIST}{escalation.pk}/do/{name}/"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def past_offer(category: Category, amount: int, *, accepted: bool = True, by: User | None = None) -> None:
    """Not long ago: the page looks at the present, and so must what it compares."""
    then = timezone.now() - timedelta(days=20)
    complaint = factories.approved(category=category, amount=amount, by=by, now=then)
    handler = complaint.handler
    assert handler
    later = then + timedelta(hours=5)
    resolution.offer(complaint, letter=LETTER, by=handler, now=later)
    if accepted:
        resolution.accept(complaint, spoken="Yes, please.", by=handler, now=later)
    else:
        resolution.decline(complaint, reason="Too little.", by=handler, now=later)


def test_the_page_says_what_is_asked_and_by_whom() -> None:
    ladder()
    person = supervisor()
    customer = factories.CustomerFactory(name="Petra Haddad")
    asked = over_limit(500, customer=customer)
    text = read(as_(person), page(asked))
    for word in (
        "Refund of £500 for Petra Haddad",
        "Over limit · level 1, Supervisors",
        asked.raised_by_name,
        f"{seal_of(asked)[:4]}…{seal_of(asked)[-3:]}",
        "Finding: our fault. Basis: documents or records, Bank statement.",
        "What was tried",
        "Like cases",
        "Past offers on this complaint",
        "Your authority: £1,000 a complaint",
        "Approve £500",
        "Send back",
        "Pass up",
        "Refuse",
        "You did not propose this.",
        "Why it is urgent",
    ):
        assert word in text


def test_a_question_by_hand_shows_its_words_and_wants_an_answer_in_words() -> None:
    ladder()
    person = supervisor()
    text = read(as_(person), page(raised()))
    for word in ("May I waive the fee?", "Explained the fee twice.", "upset", "do/answer/"):
        assert word in text
    assert "do/approve/" not in text


def test_like_cases_show_amounts_answers_authority_median_and_range() -> None:
    ladder()
    person, handler = supervisor(), factories.handler_user()
    category = factories.CategoryFactory()
    for amount in (50, 100, 150, 120):
        past_offer(category, amount, by=handler)
    past_offer(category, 90, accepted=False, by=handler)
    past_offer(factories.CategoryFactory(), 7, by=handler)
    asked = over_limit(500, category=category)
    text = read(as_(person), page(asked))
    assert "Median £100, range £50–£150, 5 cases" in text
    assert ">handler<" in text
    assert "£7" not in text


def test_few_like_cases_give_no_median() -> None:
    ladder()
    person = supervisor()
    category = factories.CategoryFactory()
    past_offer(category, 50)
    asked = over_limit(500, category=category)
    text = read(as_(person), page(asked))
    assert "Only 1 like case in two years: too few to take a rule from." in text
    assert "Median" not in text


def test_like_cases_the_reader_may_not_see_are_not_among_them() -> None:
    ladder()
    person = supervisor()
    category = factories.CategoryFactory()
    past_offer(category, 50)
    hidden = Complaint.objects.get(category=category)
    hidden.about.add(person)
    assert hidden.reference not in read(as_(person), page(over_limit(500, category=category)))


def test_ones_own_proposal_says_why_it_cannot_be_decided() -> None:
    ladder()
    person, _ = supervisor(), supervisor()
    asked = over_limit(by=person)
    text = read(as_(person), page(asked))
    assert "You proposed this offer. Somebody else must decide on it." in text
    assert "do/approve/" not in text
    assert "do/refuse/" not in text


def test_above_ones_authority_there_is_no_approving() -> None:
    ladder()
    person = supervisor()
    asked = over_limit(900)
    AuthorityLimit.objects.filter(group__name="Supervisor").update(per_complaint=899)
    text = read(as_(person), page(asked))
    assert "£900 is above your authority" in text
    assert "do/approve/" not in text
    assert "do/pass-up/" in text


def test_another_queues_question_may_be_read_and_not_decided() -> None:
    ladder()
    supervisor()
    text = read(as_(manager()), page(over_limit()))
    assert "This lies with Supervisors. You may read it, not decide it." in text
    assert "/do/" not in text


def test_claimed_by_a_colleague_it_is_theirs() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    asked = over_limit()
    actions.claim(asked, by=person, now=LATER)
    assert f"{person.get_full_name()} has claimed this and will decide." in read(as_(other), page(asked))
    assert "Claimed by you" in read(as_(person), page(asked))


def test_answered_it_says_how_and_by_whom() -> None:
    ladder()
    person = supervisor()
    asked = raised()
    actions.answer(asked, text="Waive it, this once.", by=person, now=LATER)
    text = read(as_(person), page(asked))
    assert "Waive it, this once." in text
    assert "/do/" not in text


def test_approving_from_the_page_carries_the_seal_that_was_shown() -> None:
    ladder()
    person = supervisor()
    asked = over_limit()
    client = as_(person)
    assert seal_of(asked) in read(client, do(asked, "approve"))
    answer = client.post(do(asked, "approve"), {"seal": seal_of(asked), "text": "Right."})
    assert (answer.status_code, answer["Location"]) == (303, page(asked))
    asked.refresh_from_db()
    assert (asked.decision, asked.decision_text) == (Decision.APPROVED, "Right.")
    asked.complaint.refresh_from_db()
    assert asked.complaint.state == ComplaintState.APPROVED


def test_a_forged_seal_is_refused_and_what_was_typed_is_kept() -> None:
    ladder()
    person = supervisor()
    asked = over_limit()
    answer = as_(person).post(do(asked, "approve"), {"seal": "f" * 64, "text": "Quite right, I think."})
    assert answer.status_code == 409
    assert "Quite right, I think." in answer.content.decode()
    asked.refresh_from_db()
    assert asked.is_unanswered


def test_too_late_one_is_told_who_decided() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    asked = over_limit()
    actions.approve(asked, seal=seal_of(asked), by=person, now=LATER)
    answer = as_(other).post(do(asked, "approve"), {"seal": seal_of(asked)})
    assert answer.status_code == 409
    assert f"Already approved by {person.get_full_name()}" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "state"),
    [("refuse", State.DECIDED), ("send-back", State.RETURNED), ("pass-up", State.PASSED_UP)],
)
def test_the_other_decisions_want_a_word(name: str, state: State) -> None:
    ladder()
    person, _ = supervisor(), manager()
    asked = over_limit()
    client = as_(person)
    assert client.post(do(asked, name), {"text": " "}).status_code == 422
    assert client.post(do(asked, name), {"text": "Because."}).status_code == 303
    asked.refresh_from_db()
    assert asked.state == state


def test_claiming_and_releasing_by_their_buttons() -> None:
    ladder()
    person = supervisor()
    asked = raised()
    client = as_(person)
    assert client.post(do(asked, "claim")).status_code == 303
    asked.refresh_from_db()
    assert asked.claimed_by == person
    assert client.post(do(asked, "release")).status_code == 303
    asked.refresh_from_db()
    assert asked.state == State.OPEN
    assert client.get(do(asked, "no-such-deed")).status_code == 404


def test_sec_52_every_deed_wants_a_token_and_a_get_changes_nothing() -> None:
    ladder()
    person = supervisor()
    asked = over_limit()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    before = list(Escalation.objects.values())
    for name in ("approve", "refuse", "send-back", "pass-up", "claim"):
        assert strict.post(do(asked, name), {"seal": seal_of(asked), "text": "x"}).status_code == 403
        assert strict.get(do(asked, name)).status_code == 200
    assert strict.post(LIST).status_code == 403
    assert strict.get(LIST).status_code == 200
    assert strict.get(page(asked)).status_code == 200
    assert strict.post(page(asked), {"state": "decided"}).status_code == 403
    assert as_(person).post(page(asked), {"state": "decided"}).status_code == 405
    assert as_(person).post(f"{LIST}add/").status_code in (403, 404)
    assert as_(person).post(f"{LIST}{asked.pk}/delete/", {"post": "yes"}).status_code == 403
    assert list(Escalation.objects.values()) == before


def test_sec_19_a_handler_decides_nothing() -> None:
    ladder()
    supervisor()
    asked = over_limit()
    client = as_(factories.handler_user())
    for name in ("approve", "refuse", "send-back", "pass-up", "claim"):
        assert client.post(do(asked, name), {"seal": seal_of(asked), "text": "x"}).status_code == 403
    assert client.get(LIST).status_code == 403
    assert client.post(LIST).status_code == 403


def test_what_one_may_not_see_is_not_there() -> None:
    ladder()
    person, _ = supervisor(), supervisor()
    complaint = factories.investigating()
    complaint.about.add(person)
    asked = raised(complaint)
    client = as_(person)
    for address in (page(asked), do(asked, "claim"), f"{LIST}999999/change/", f"{LIST}x/change/"):
        assert client.get(address).status_code == 404
    assert complaint.title not in read(client, LIST)


def test_reading_a_restricted_one_is_logged() -> None:
    ladder()
    confidant, handler = supervisor(), factories.handler_user()
    complaint = factories.investigating(by=handler)
    resolution.restrict(complaint, confidants=[confidant], reason="Delicate", by=manager(), now=LATER)
    asked = raised(complaint, by=handler)
    read(as_(confidant), page(asked))
    assert Reading.objects.filter(complaint=complaint, reader=confidant).count() == 1


def test_the_list_shows_reason_age_clock_and_last_contact() -> None:
    ladder()
    person = supervisor()
    asked = raised()
    text = read(as_(person), LIST)
    for word in (
        asked.complaint.title,
        asked.complaint.reference,
        "Raised by staff",
        "late",
        "from us",
        "ago",
    ):
        assert word in text


def test_the_list_has_ones_own_queues_and_nobody_elses() -> None:
    ladder()
    person, top = supervisor(), manager()
    queue("Press", 1, "Supervisor", reasons=["media"])
    mine = raised()
    following = actions.pass_up(raised(), text="Policy.", by=person, now=LATER)
    text = read(as_(person), LIST)
    assert page(mine) in text
    assert page(following) not in text
    assert "Press" in text
    assert page(following) in read(as_(person), f"{LIST}?queue=all")
    assert page(mine) not in read(as_(top), LIST)
    assert page(mine) in read(as_(person), f"{LIST}?queue={mine.queue_id}")
    assert page(mine) not in read(as_(person), f"{LIST}?queue=claimed")


def test_who_only_reads_sees_every_queue_and_claims_nothing() -> None:
    ladder()
    supervisor()
    reader = factories.quality_user()
    reader.user_permissions.add(Permission.objects.get(codename="view_escalation"))
    asked = raised()
    text = read(as_(reader), LIST)
    assert page(asked) in text
    assert "Claim next" not in text
    assert "Claim next" not in read(as_(reader), page(asked))
    assert as_(reader).post(LIST).status_code == 303
    asked.refresh_from_db()
    assert asked.state == State.OPEN


def test_claim_next_opens_the_most_urgent_and_says_when_there_is_none() -> None:
    ladder()
    person = supervisor()
    raised()
    grave = over_limit(customer=factories.CustomerFactory(vulnerable=True))
    Escalation.objects.filter(reason="vulnerable").delete()
    client = as_(person)
    assert client.post(LIST)["Location"] == page(grave)
    client.post(LIST)
    answer = client.post(LIST, follow=True)
    assert answer.redirect_chain == [(LIST, 303)]
    assert "Nothing waits unclaimed in your queues." in answer.content.decode()


def test_a_page_of_the_list_begins_after_the_last_row_of_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(escalation_list, "SIZE", 2)
    ladder()
    person = supervisor()
    for hours in (3, 1, 2, 1, 4):
        raised(now=LATER + timedelta(hours=hours))
    rows = Escalation.objects.worked_by(person, now=timezone.now())
    seen, after = escalation_list.page_of(rows, "")
    while after:
        more, after = escalation_list.page_of(rows, after)
        seen += more
    assert seen == list(rows.by_urgency())
    assert escalation_list.page_of(rows, "nonsense")[0] == seen[:2]
    assert escalation_list.page_of(rows, "1.99999999999999999.1")[0] == seen[:2]


def test_the_page_asks_little_of_the_database_however_much_there_is(
    django_assert_max_num_queries: object,
) -> None:
    ladder()
    person, handler = supervisor(), factories.handler_user()
    category = factories.CategoryFactory()
    asked = over_limit(category=category, by=handler)
    client = as_(person)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(FULL_PAGE):
        read(client, page(asked))
    for amount in (50, 60, 70, 80, 90, 100):
        past_offer(category, amount, by=handler)
    resolution.refuse(asked.complaint, reason="No.", by=person, now=LATER)
    for amount in (300, 400):
        resolution.refer(
            asked.complaint, tried=TRIED, terms=factories.terms(amount, amount, 10), by=handler, now=LATER
        )
        last = Escalation.objects.unanswered().get(complaint=asked.complaint)
        if amount == 300:
            actions.send_back(last, text="Less.", by=person, now=LATER)
    with django_assert_max_num_queries(FULL_PAGE):
        text = read(client, page(last))
    for block in ("What is asked", "Past offers on this complaint", "Like cases", "Your authority", "Decide"):
        assert block in text


def test_the_list_asks_little_of_the_database_however_many_there_are(
    django_assert_max_num_queries: object,
) -> None:
    ladder()
    queue("Press", 1, "Supervisor", reasons=["media"])
    person = supervisor()
    raised()
    client = as_(person)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(FULL_LIST):
        read(client, LIST)
    for _ in range(6):
        raised()
    with django_assert_max_num_queries(FULL_LIST):
        read(client, LIST)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(0), "under a minute"),
        (timedelta(seconds=-5), "under a minute"),
        (timedelta(minutes=12, seconds=30), "12 min"),
        (timedelta(hours=2, minutes=40), "2 h"),
        (timedelta(days=1, hours=4), "1 day 4 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=3, hours=5), "3 days"),
        (timedelta(days=2, hours=5), "2 days 5 h"),
    ],
)
def test_an_age_is_said_briefly(ago: timedelta, words: str) -> None:
    assert age(NOW - ago, NOW) == words


def test_the_pages_are_registered() -> None:
    assert isinstance(admin.site.get_model_admin(Escalation), EscalationAdmin)
