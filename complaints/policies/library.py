"""Every policy pack there is: those that ship with the code and the versions the firm wrote itself.

A version is never changed, so what was read once is kept. Which versions stand is asked of the database each time:
another process may have made one a moment ago.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from complaints.policies import packs
from complaints.policies.exceptions import NoPackInForce, NoSuchPack
from complaints.policies.models import PackVersion
from complaints.policies.schema import Pack


def in_force(code: str, on: date) -> Pack:
    """The version of a pack in force on a date. For many dates ask `versions` once and `newest` of them."""
    return newest(versions(code), code, on)


def newest(among: tuple[Pack, ...], code: str, on: date) -> Pack:
    begun = [version for version in among if version.effective_from <= on]
    if not begun:
        raise NoPackInForce(code, on)
    return begun[-1]


def versions(code: str) -> tuple[Pack, ...]:
    """All versions of a pack that stand, in the order in which they come into force."""
    own = PackVersion.objects.standing().filter(code=code).values_list("version", flat=True)
    return _in_order(packs.versions(code), code, own)


def everything() -> dict[str, tuple[Pack, ...]]:
    """All packs by their code."""
    own: dict[str, list[int]] = {}
    for code, version in PackVersion.objects.standing().values_list("code", "version"):
        own.setdefault(code, []).append(version)
    return {code: _in_order(ones, code, own.get(code, ())) for code, ones in packs.shipped().items()}


def pack(code: str, version: int) -> Pack:
    """One version, standing or withdrawn. Raises NoSuchPack."""
    try:
        return packs.pack(code, version)
    except NoSuchPack:
        return _own(code, version)


def text_of(code: str, version: int) -> str:
    """The TOML of a version as it was written."""
    try:
        return packs.text_of(code, version)
    except NoSuchPack:
        return _kept(code, version).text


def _in_order(shipped: tuple[Pack, ...], code: str, own: Iterable[int]) -> tuple[Pack, ...]:
    ones = (*shipped, *(_own(code, version) for version in own))
    return tuple(sorted(ones, key=lambda one: one.effective_from))


@lru_cache(maxsize=256)
def _own(code: str, version: int) -> Pack:
    kept = _kept(code, version)
    return packs.read_text(kept.text, str(kept))


def _kept(code: str, version: int) -> PackVersion:
    found = PackVersion.objects.filter(code=code, version=version).first()
    if found is None:
        raise NoSuchPack(code, version)
    return found
