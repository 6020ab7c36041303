from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from complaints.resolution import timing
from complaints.resolution.models import ReferenceCounter
from complaints.resolution.reference import compose


def references_for(received: Sequence[datetime]) -> list[str]:
    """References of complaints received at these moments, each of its year. Holds the counters of these years until
    the transaction ends.
    """
    years = [timing.local_day(moment).year for moment in received]
    free = {year: iter(_next(year, count)) for year, count in sorted(Counter(years).items())}
    return [compose(year, next(free[year])) for year in years]


def _next(year: int, count: int) -> range:
    ReferenceCounter.objects.get_or_create(year=year)
    ReferenceCounter.objects.filter(year=year).update(last=F("last") + count)
    last = ReferenceCounter.objects.values_list("last", flat=True).get(year=year)
    return range(last - count + 1, last + 1)
