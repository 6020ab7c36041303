"""To which complaint does a mail belong? Pure: `leads` has gathered what it says and what we know; this decides.

A mail joins a complaint by two things together: it answers a letter that only this complaint's customer was sent (or
went to the address that letter named), and it comes from that customer's address. Either alone anybody can have:
letters are forwarded, senders are forged, references are guessed. What has one and not the other waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.intake.models import How
from complaints.mailroom.models import Fate

#: Nobody writes so many mails within a day, however angry.
MOST_A_DAY = 20
PROVE = frozenset({How.THREAD, How.ADDRESS})


@dataclass(frozen=True, slots=True)
class Lead:
    """A complaint the mail may belong to. `is_theirs`: the sender has the address of its customer.

    `is_past`: it ended too long ago to be taken up again.
    """

    complaint: int
    reference: str
    how: How
    is_theirs: bool
    is_past: bool = False

    @property
    def is_proof(self) -> bool:
        return self.how in PROVE and self.is_theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a mail. `unsuited` says why no machine may act upon it, `not_own` why what it says may be
    somebody else's matter; "" if nothing does. `of_today` is how many came from its address within a day, with it.
    """

    sender: str
    is_from_us: bool = False
    is_automatic: bool = False
    is_empty: bool = False
    unsuited: str = ""
    not_own: str = ""
    of_today: int = 1
    leads: Sequence[Lead] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`complaint` is the one to join, to follow, or to say it in."""

    fate: Fate
    why: str
    complaint: int | None = None


def decide(mail: Evidence) -> Verdict:
    verdict = _by_itself(mail)
    return _one_of_many(verdict) if mail.of_today > MOST_A_DAY else verdict


def _one_of_many(verdict: Verdict) -> Verdict:
    """A machine that hides what it is shows it by this. It fills no file: all it sends waits behind its first."""
    said = (
        f"It is one of more than {MOST_A_DAY} mails from this address within a day. No person writes so many."
    )
    fate = verdict.fate if verdict.fate is Fate.AUTO_REPLY else Fate.HELD
    return Verdict(fate, f"{said} {verdict.why}" if verdict.fate is fate else said)


def _by_itself(mail: Evidence) -> Verdict:
    if mail.is_automatic:
        return _machine(mail)
    if not mail.sender:
        return Verdict(Fate.HELD, "It names no sender whom we could answer.")
    if mail.is_from_us:
        return Verdict(Fate.HELD, "It says that it comes from one of us. Anybody can write that.")
    return _belonging(mail.leads) if mail.leads else _new(mail)


def _belonging(leads: Sequence[Lead]) -> Verdict:
    proofs = [lead for lead in leads if lead.is_proof]
    if len(proofs) > 1:
        return Verdict(Fate.HELD, f"It belongs to more than one complaint: {_names(proofs)}.")
    return _proven(proofs[0]) if proofs else Verdict(Fate.HELD, _doubt(leads))


def _machine(mail: Evidence) -> Verdict:
    """Kept and said, never acted upon. Only what hangs on a letter of ours is said in the file as well."""
    named = [lead for lead in mail.leads if lead.how in PROVE]
    about = named[0].complaint if len(named) == 1 else None
    return Verdict(Fate.AUTO_REPLY, mail.unsuited or "Written by a machine.", about)


def _proven(lead: Lead) -> Verdict:
    """What comes long after the end is a new matter that follows the old one."""
    if lead.is_past:
        why = f"Its customer answers a letter of {lead.reference}, which ended too long ago to be taken up again."
        return Verdict(Fate.OPENED, why, lead.complaint)
    return Verdict(Fate.JOINED, f"{lead.how.label}, and comes from its customer.", lead.complaint)


def _doubt(leads: Sequence[Lead]) -> str:
    strangers = [lead for lead in leads if lead.how in PROVE]
    if strangers:
        return f"It answers a letter of {_names(strangers)}, but does not come from the customer's address."
    named = [lead for lead in leads if lead.how is How.REFERENCE]
    if named:
        return f"It names {_names(named)}, which anybody could, and answers no letter of ours."
    return f"The sender has {_names(leads)} open with us, and the mail answers no letter of ours."


def _new(mail: Evidence) -> Verdict:
    if doubt := mail.unsuited or mail.not_own:
        return Verdict(Fate.HELD, doubt)
    if mail.is_empty:
        return Verdict(Fate.HELD, "There is nothing in it to read.")
    return Verdict(Fate.OPENED, "A new matter, as far as anybody can tell.")


def _names(leads: Sequence[Lead]) -> str:
    return " and ".join(lead.reference for lead in leads)
