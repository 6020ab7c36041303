from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints.policies import library, packs
from complaints.policies.exceptions import (
    BegunAlready,
    MayNotRule,
    NothingNew,
    PackInvalid,
    VersionMovedOn,
    WhyNeeded,
)
from complaints.policies.models import PackVersion
from complaints.policies.schema import Pack

MAKE_VERSIONS = "policies.add_packversion"


def draft(code: str, text: str, *, now: datetime) -> Pack:
    """The pack that this text would make, were it kept today.

    Raises PackInvalid, with the key and the reason, for a text that is no pack, that is another pack's, that has
    not the next number, or that would reach back before tomorrow or before the version it follows.
    """
    one, standing = packs.read_text(text, "Your version"), library.versions(code)
    if one.code != code:
        raise PackInvalid("Your version", "code", f"must stay {code}.")
    following = next_version(code)
    if one.version != following:
        raise PackInvalid("Your version", "version", f"must be {following}, the next in the row.")
    latest = max(standing[-1].effective_from, timezone.localdate(now))
    if one.effective_from <= latest:
        raise PackInvalid(
            "Your version",
            "effective_from",
            f"must be later than {latest}: what began already, and what was received under it, keeps its rules.",
        )
    return one


def next_version(code: str) -> int:
    """Numbers are used once, those of withdrawn versions too."""
    own = PackVersion.objects.filter(code=code).order_by("-version").values_list("version", flat=True).first()
    return max([own or 0, *(one.version for one in packs.versions(code))]) + 1


@transaction.atomic
def make_version(
    code: str, *, text: str, copied_from: int, reason: str, by: User, now: datetime
) -> PackVersion:
    """Keep a new version of a pack, written from a copy. Complaints received from its day on go by it.

    Raises PackInvalid as `draft` does, and VersionMovedOn where somebody else was quicker.
    """
    if not by.has_perm(MAKE_VERSIONS):
        raise MayNotRule
    text = text.replace("\r\n", "\n").strip() + "\n"
    one = draft(code, text, now=now)
    if not reason.strip():
        raise WhyNeeded
    if _rules_of(text) == _rules_of(library.text_of(code, copied_from)):
        raise NothingNew
    version = PackVersion(
        code=code,
        version=one.version,
        copied_from=copied_from,
        effective_from=one.effective_from,
        text=text,
        reason=reason.strip()[:300],
        made_by=by,
        made_at=now,
    )
    return _keep(version)


@transaction.atomic
def withdraw_version(version: PackVersion, *, by: User, now: datetime) -> None:
    """Take back a version whose day has not come. No complaint can have been received under it."""
    if not by.has_perm(MAKE_VERSIONS):
        raise MayNotRule
    if version.has_begun(timezone.localdate(now)):
        raise BegunAlready(version.version)
    standing = PackVersion.objects.standing().filter(pk=version.pk)
    if not standing.withdraw(withdrawn_by=by, withdrawn_at=now):
        raise BegunAlready(version.version)


def _keep(version: PackVersion) -> PackVersion:
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:
        raise VersionMovedOn(version.version) from None
    return version


def _rules_of(text: str) -> list[str]:
    """The lines that say something, but for the number and the day, which always change."""
    return [
        line.strip()
        for line in text.splitlines()
        if line.strip() and not line.startswith(("version =", "effective_from =", "#"))
    ]
