from hypothesis import given
from hypothesis import strategies as st

from complaints.intake.joining import Evidence, Lead, decide
from complaints.intake.models import How
from complaints.mailroom.models import Fate

ANN = "ann@example.com"
leads = st.builds(
    Lead,
    complaint=st.integers(1, 3),
    reference=st.sampled_from(["C26-000001-A", "C26-000002-B"]),
    how=st.sampled_from(How),
    is_theirs=st.booleans(),
    is_past=st.booleans(),
)
evidence = st.builds(
    Evidence,
    sender=st.sampled_from(["", ANN]),
    is_from_us=st.booleans(),
    is_automatic=st.booleans(),
    is_empty=st.booleans(),
    unsuited=st.sampled_from(["", "sent to a list"]),
    not_own=st.sampled_from(["", "forwarded"]),
    leads=st.lists(leads, max_size=3).map(tuple),
)


def lead(how: How, *, theirs: bool = True, number: int = 1, past: bool = False) -> Lead:
    return Lead(number, f"C26-00000{number}-X", how, theirs, past)


def fate_of(*leads: Lead, **given_: object) -> tuple[Fate, int | None]:
    verdict = decide(Evidence(sender=ANN, leads=leads, **given_))  # type: ignore[arg-type]
    return verdict.fate, verdict.complaint


def test_the_thread_and_the_customers_address_together_join() -> None:
    assert fate_of(lead(How.THREAD)) == (Fate.JOINED, 1)
    assert fate_of(lead(How.ADDRESS)) == (Fate.JOINED, 1)


def test_either_alone_is_held() -> None:
    assert fate_of(lead(How.THREAD, theirs=False)) == (Fate.HELD, None)
    assert fate_of(lead(How.ADDRESS, theirs=False)) == (Fate.HELD, None)
    assert fate_of(lead(How.SENDER)) == (Fate.HELD, None)
    assert fate_of(lead(How.REFERENCE)) == (Fate.HELD, None)


def test_proof_of_two_complaints_is_proof_of_none() -> None:
    assert fate_of(lead(How.THREAD), lead(How.ADDRESS, number=2)) == (Fate.HELD, None)


def test_proof_outweighs_what_is_only_named() -> None:
    assert fate_of(lead(How.THREAD), lead(How.REFERENCE, number=2)) == (Fate.JOINED, 1)
    assert fate_of(lead(How.THREAD), lead(How.SENDER, number=2)) == (Fate.JOINED, 1)


def test_what_answers_a_matter_long_over_is_a_new_one_that_follows_it() -> None:
    assert fate_of(lead(How.THREAD, past=True)) == (Fate.OPENED, 1)


def test_a_new_matter_of_somebody_new_opens_a_complaint() -> None:
    assert fate_of() == (Fate.OPENED, None)


def test_what_was_sent_to_many_or_says_nothing_opens_none() -> None:
    assert fate_of(unsuited="List-Id") == (Fate.HELD, None)
    assert fate_of(is_empty=True) == (Fate.HELD, None)


def test_what_may_be_somebody_elses_matter_opens_none_and_may_still_join() -> None:
    assert fate_of(not_own="It forwards a mail") == (Fate.HELD, None)
    assert fate_of(lead(How.THREAD), not_own="It forwards a mail") == (Fate.JOINED, 1)


def test_sec_28_whoever_claims_to_be_one_of_us_is_held_whatever_they_prove() -> None:
    assert fate_of(lead(How.THREAD), is_from_us=True) == (Fate.HELD, None)


def test_a_machine_changes_nothing_and_is_named_where_it_answered() -> None:
    assert fate_of(lead(How.THREAD, theirs=False), is_automatic=True) == (Fate.AUTO_REPLY, 1)
    assert fate_of(lead(How.SENDER), is_automatic=True) == (Fate.AUTO_REPLY, None)


@given(evidence)
def test_nothing_joins_without_both_and_nothing_of_a_machine_moves_anything(mail: Evidence) -> None:
    verdict = decide(mail)
    assert verdict.why
    if verdict.fate is Fate.JOINED:
        proof = [one for one in mail.leads if one.complaint == verdict.complaint]
        assert any(one.is_theirs and one.how in (How.THREAD, How.ADDRESS) for one in proof)
        assert not mail.is_from_us
        assert mail.sender
    if mail.is_automatic:
        assert verdict.fate is Fate.AUTO_REPLY
    if mail.unsuited and verdict.fate is Fate.OPENED:
        assert verdict.complaint is not None
