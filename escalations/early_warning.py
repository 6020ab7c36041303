"""Which signs of trouble hold, what each weighs by the policy, and in which words one says so."""

from dataclasses import dataclass
from datetime import datetime

from complaints.policies import clock
from complaints.policies.ladder import Factor
from complaints.policies.schema import Pack
from complaints.resolution import timing
from complaints.resolution.models import Complaint
from escalations.models import Mood
from escalations.mood import SHOUTING, heat_in
from escalations.signs import Signs, signs_of

HEATED = (Mood.UPSET, Mood.ANGRY, Mood.DISTRESSED)


@dataclass(frozen=True, slots=True)
class Sign:
    """One factor that holds: its weight, and what in the file says so."""

    factor: Factor
    points: int
    because: str

    def __str__(self) -> str:
        return f"{self.because} +{self.points}"


@dataclass(frozen=True, slots=True)
class Warned:
    signs: tuple[Sign, ...]
    raise_at: int

    @property
    def score(self) -> int:
        return sum(sign.points for sign in self.signs)

    @property
    def reached(self) -> bool:
        return self.score >= self.raise_at

    @property
    def factors(self) -> list[str]:
        return [sign.factor.value for sign in self.signs]

    def __str__(self) -> str:
        return " · ".join(map(str, self.signs))


def weigh(seen: Signs, pack: Pack, *, now: datetime) -> Warned | None:
    """The signs that hold now, the weightiest first; nothing where the policy weighs none."""
    rule = pack.early_warning
    if rule is None:
        return None
    said = {
        Factor.SILENCE: _silence(seen, pack, now),
        Factor.REPEATED_CONTACT: _repeated(seen, pack),
        Factor.MOOD: _mood(seen),
        Factor.MEDIA: "Media mentioned" if seen.media else "",
        Factor.BROKEN_PROMISE: f"Promise broken: {seen.broken_promise}" if seen.broken_promise else "",
        Factor.VULNERABLE: "Vulnerable customer" if seen.vulnerable else "",
    }
    signs = [Sign(factor, rule.weights.of(factor), because) for factor, because in said.items() if because]
    signs.sort(key=lambda sign: -sign.points)
    return Warned(tuple(sign for sign in signs if sign.points), rule.raise_at)


def warned_of(complaint: Complaint, *, now: datetime) -> Warned | None:
    """The same of one complaint as its file stands now, whatever was stored when it was last looked at."""
    return weigh(signs_of([complaint], now=now)[complaint.pk], timing.pack_of(complaint), now=now)


def _silence(seen: Signs, pack: Pack, now: datetime) -> str:
    long = clock.due(seen.our_last_word, pack.escalation.silence_after, pack.calendar) < now
    return "Long silence from us" if seen.our_turn and long else ""


def _repeated(seen: Signs, pack: Pack) -> str:
    """So many contacts in so long before the last one, and no word from us since: it does not fade by waiting."""
    times, often = seen.from_customer, pack.escalation.repeated_contacts
    if len(times) < often or any(at > times[-1] for at in seen.from_us):
        return ""
    within = clock.due(times[-often], pack.escalation.repeated_contacts_within, pack.calendar)
    return f"{often} contacts in {pack.escalation.repeated_contacts_within}" if times[-1] <= within else ""


def _mood(seen: Signs) -> str:
    """A colleague's mark, made since the customer wrote, knows more than any list of words."""
    if seen.mark and seen.mark[0] >= seen.their_last_word:
        return f"Customer {Mood(seen.mark[1]).label.lower()}" if seen.mark[1] in HEATED else ""
    heat = heat_in(seen.words)
    said = ", ".join(f"“{word}”" for word in heat if word != SHOUTING)
    return f"Heated words: {said or SHOUTING}" if heat else ""
