"""Keeping mails: every byte of them, committed, and each once."""

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import IntegrityError, transaction

from complaints.mailroom.models import IncomingMail


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies. The number counts only together with the mailbox's generation."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True)
class Parcel:
    """A mail as it was found: every byte, and where it lies; nowhere where it came in a file."""

    raw: bytes
    place: Place | None = None
    arrived_at: datetime | None = None

    @property
    def name(self) -> Place | str:
        """By which it is known again: its place, or the bytes of a file."""
        return self.place or self.sha256

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


def keep(
    raw: bytes, *, now: datetime, place: Place | None = None, arrived_at: datetime | None = None
) -> IncomingMail:
    """Keep a mail. It is committed when this returns; kept before, from there or as a file, it is not kept again."""
    return keep_all([Parcel(raw, place, arrived_at)], now=now)[0]


def keep_all(parcels: Sequence[Parcel], *, now: datetime) -> list[IncomingMail]:
    """The same of many, in one commit and in their order. Those that lie in a mailbox lie in one."""
    for _ in parcels:
        # Where another fetcher was faster, what it kept is known the next time; and each mail may have another.
        with suppress(IntegrityError):
            return _keep(parcels, now=now)
    return _keep(parcels, now=now)


@transaction.atomic(durable=True)
def _keep(parcels: Sequence[Parcel], *, now: datetime) -> list[IncomingMail]:
    known = dict(_known(parcels))
    fresh = {parcel.name: _mail(parcel, now=now) for parcel in parcels if parcel.name not in known}
    IncomingMail.objects.bulk_create(fresh.values())
    return [(known | fresh)[parcel.name] for parcel in parcels]


def _mail(parcel: Parcel, *, now: datetime) -> IncomingMail:
    place = parcel.place
    return IncomingMail(
        mailbox=place.mailbox if place else "",
        uidvalidity=place.uidvalidity if place else None,
        uid=place.uid if place else None,
        sha256=parcel.sha256,
        raw=parcel.raw,
        size=len(parcel.raw),
        arrived_at=min(parcel.arrived_at or now, now),
        kept_at=now,
        retry_at=now,
    )


def _known(parcels: Sequence[Parcel]) -> Iterator[tuple[Place | str, IncomingMail]]:
    there = {parcel.place: parcel.sha256 for parcel in parcels if parcel.place}
    if there:
        yield from _known_there(there)
    files = [parcel.sha256 for parcel in parcels if parcel.place is None]
    if files:
        for mail in IncomingMail.objects.without_raw().filter(uid__isnull=True, sha256__in=files):
            yield mail.sha256, mail


def _known_there(there: Mapping[Place, str]) -> Iterator[tuple[Place, IncomingMail]]:
    some = next(iter(there))
    mails = IncomingMail.objects.without_raw().filter(mailbox=some.mailbox)
    numbered = mails.filter(uidvalidity=some.uidvalidity, uid__in=[place.uid for place in there])
    known = {mail.uid: mail for mail in numbered}
    yield from ((place, known[place.uid]) for place in there if place.uid in known)
    missing = {place: sha256 for place, sha256 in there.items() if place.uid not in known}
    if missing:
        former = mails.filter(uidvalidity__lt=some.uidvalidity, sha256__in=missing.values())
        yield from _renumbered(missing, former.order_by("pk"))


def _renumbered(
    missing: Mapping[Place, str], former: Iterable[IncomingMail]
) -> Iterator[tuple[Place, IncomingMail]]:
    """A mailbox that was rebuilt numbers its mails anew: what we have of it is known by its bytes."""
    by_bytes: dict[str, deque[IncomingMail]] = defaultdict(deque)
    for mail in former:
        by_bytes[mail.sha256].append(mail)
    for place, sha256 in missing.items():
        if by_bytes[sha256]:
            mail = by_bytes[sha256].popleft()
            mail.uidvalidity, mail.uid, mail.told_at = place.uidvalidity, place.uid, None
            mail.save(update_fields=["uidvalidity", "uid", "told_at"])
            yield place, mail
