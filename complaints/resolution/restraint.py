"""How much may come from one place within a while. A limit is for programs: no person should ever meet one.

The counts are kept in the cache alone. While it is away nothing is counted, and nobody is stopped.
"""

from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
MEGABYTE = 1024 * 1024
#: What one subscriber is given of IPv6, to take addresses from as they like.
ONE_HOUSEHOLD = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` within so many seconds of the first."""

    name: str
    most: int
    seconds: int

    def is_reached(self, whose: str = "") -> bool:
        return int(cache.get(self._key(whose), 0)) >= self.most

    def count(self, whose: str = "", *, number: int = 1) -> int:
        """How many it is with these; 0 while the cache is away."""
        key = self._key(whose)
        if cache.add(key, number, self.seconds):
            return number
        try:
            return cache.incr(key, number)
        except ValueError:  # the while ended between the two
            cache.add(key, number, self.seconds)
            return number

    def _key(self, whose: str) -> str:
        return f"{self.name}:{whose}"


def documents_today() -> Limit:
    """Bytes of documents through all customers' pages: what bounds the disk, whoever sends."""
    return Limit("documents", settings.DOCUMENTS_MB_A_DAY * MEGABYTE, DAY)


def place_of(request: HttpRequest) -> str:
    """Whoever sits behind one connection counts together."""
    told = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(told)
    except ValueError:
        return str(told)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), ONE_HOUSEHOLD), strict=False))
    return str(address)


def elsewhere() -> str:
    """The other ways to us."""
    return f"write to {parseaddr(settings.DEFAULT_FROM_EMAIL)[1]} or call us on {settings.FIRM_PHONE}"
