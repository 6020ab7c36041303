"""What the guard says of a letter to this customer, with all it must know of the file. Questions only.

Other people are known as far as looking them up is cheap: every reference in the letter, and every customer whose
full name, as we have it, stands in the letter in that order. A first name alone, or a name we spell otherwise, is
not found.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, tzinfo
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models.functions import Upper

from complaints.policies import guard
from complaints.policies.guard import Finding, LetterContext, Sum
from complaints.policies.letter_names import Wording
from complaints.resolution import letters, timing
from complaints.resolution.actors import Actor, name_of
from complaints.resolution.letters import Letter
from complaints.resolution.links import LINK_HERE
from complaints.resolution.models import (
    GRANTED,
    LIVE,
    Complaint,
    Customer,
    Direction,
    MessageKind,
    Offer,
    OfferLine,
)
from complaints.resolution.models import Finding as Found

#: So many of the customer's messages are read for the sums they name; and so many letters of each.
MESSAGES, LETTERS = 20, 10_000
WORDED = frozenset(wording.value for wording in Wording)


def findings_in(
    letter: Letter,
    complaint: Complaint,
    *,
    kind: MessageKind,
    by: Actor,
    now: datetime,
    rule: str = "",
    granting: Iterable[Sum] = (),
    setting: Iterable[date] = (),
) -> tuple[Finding, ...]:
    """`rule` names the policy's rule where it is not the kind's.

    `granting` are sums granted, `setting` days set for ourselves in the same breath.
    """
    text = whole(letter)
    context = context_of(text, letter, complaint, kind=kind, by=by, now=now)
    context = replace(
        context,
        kind=rule or kind,
        approved=context.approved | frozenset(granting),
        tracked=context.tracked | frozenset(setting),
    )
    return guard.inspect(text, context)


def whole(letter: Letter) -> str:
    return f"{letter.subject}\n\n{letter.body}"


def context_of(
    text: str,
    letter: Letter,
    complaint: Complaint,
    *,
    kind: MessageKind,
    by: Actor,
    now: datetime,
) -> LetterContext:
    pack = timing.pack_of(complaint)
    lines = list(OfferLine.objects.filter(offer__complaint=complaint, offer__state__in=GRANTED))
    ours, others = _references(text, complaint)
    language = letter.language or pack.language
    return LetterContext(
        kind=kind,
        language=language,
        now=now,
        calendar=pack.calendar,
        approved=sums_of(lines),
        named=_named(complaint, language),
        names=frozenset(_our_names(complaint, by)),
        references=ours,
        other_references=others,
        other_names=_other_names(text, complaint),
        template=_bare(kind, complaint, now),
        marks=(LINK_HERE,),
        tracked=_tracked(complaint, lines, pack.calendar.zone),
    )


def sums_of(lines: Iterable[OfferLine]) -> frozenset[Sum]:
    """Each line's sum, and what the lines of an offer come to."""
    found: set[Sum] = set()
    totals: dict[tuple[int, str], Decimal] = {}
    for line in lines:
        if line.amount is not None:
            code, amount = line.amount.currency.code, line.amount.amount
            found.add((code, amount))
            totals[line.offer_id, code] = totals.get((line.offer_id, code), Decimal(0)) + amount
    return frozenset(found | {(code, total) for (_, code), total in totals.items()})


def _named(complaint: Complaint, language: str) -> frozenset[Sum]:
    """The sums the file speaks of: in the customer's words, in the points, in what was found."""
    said = complaint.messages.filter(direction=Direction.IN).order_by("-at")
    words = [body[:LETTERS] for body in said.values_list("body", flat=True)[:MESSAGES]]
    words += complaint.points.values_list("text", flat=True)[:MESSAGES]
    words += [complaint.title, complaint.restatement, complaint.desired_outcome]
    for found in Found.objects.filter(complaint=complaint):
        words += [found.what_happened, found.explanation]
    return guard.sums_in("\n\n".join(words), language)


def _our_names(complaint: Complaint, by: Actor) -> Iterable[str]:
    people = (complaint.customer, complaint.handler, by)
    return (name_of(person) for person in people if person is not None)


def _references(text: str, complaint: Complaint) -> tuple[frozenset[str], frozenset[str]]:
    """The references in the letter that are this customer's, and those that are somebody else's."""
    said = guard.references_in(text) - {complaint.reference}
    if not said:
        return frozenset({complaint.reference}), frozenset()
    known = dict(Complaint.objects.filter(reference__in=said).values_list("reference", "customer_id"))
    customer = complaint.customer_id
    ours = {reference for reference, owner in known.items() if customer is not None and owner == customer}
    return frozenset({complaint.reference, *ours}), frozenset(known.keys() - ours)


def _other_names(text: str, complaint: Complaint) -> frozenset[str]:
    candidates = {name.upper() for name in guard.names_in(text)}
    if not candidates:
        return frozenset()
    known = Customer.objects.alias(loud=Upper("name")).filter(loud__in=candidates)
    names = set(
        known.exclude(pk=complaint.customer_id or 0).values_list("name", flat=True)[: len(candidates)]
    )
    return frozenset(names - _of_staff(names)) if names else frozenset()


def _of_staff(names: set[str]) -> set[str]:
    """A colleague who is called like a customer may be named."""
    firsts = {name.split(" ")[0] for name in names}
    return {user.get_full_name() for user in User.objects.filter(is_staff=True, first_name__in=firsts)}


def _bare(kind: MessageKind, complaint: Complaint, now: datetime) -> str:
    """The letter as it would go if nobody wrote a word in it."""
    if kind not in WORDED:
        return ""
    bare = letters.draft(kind, complaint, now=now)
    return f"{whole(bare)}\n\n{timing.pack_of(complaint).rights_in(bare.language)}"


def _tracked(complaint: Complaint, lines: Iterable[OfferLine], zone: tzinfo) -> frozenset[date]:
    """Days the clocks, the offer or an earlier promise watch already."""
    moments = [*complaint.deadlines.running().values_list("due_at", flat=True)]
    moments += complaint.promises.open().values_list("due_at", flat=True)
    days = {line.due_on for line in lines}
    for offer in Offer.objects.filter(complaint=complaint, state__in=LIVE):
        moments.append(offer.open_until)
        days.add(offer.follow_up_on)
    return frozenset(days | {moment.astimezone(zone).date() for moment in moments})
