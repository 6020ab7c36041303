"""The queues and their people as they stand now, read once for a whole sweep: what `seats` says of one, for many."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User

from complaints.resolution.models import Complaint
from escalations import clock
from escalations.models import Queue, Reason
from escalations.routing import Seat, route
from escalations.seats import seat_of, seats_for


class Board:
    def __init__(self, *, now: datetime) -> None:
        self.now = now
        queues = list(Queue.objects.active().prefetch_related("categories"))
        people = User.objects.filter(is_active=True, groups__in={queue.group_id for queue in queues})
        manned = set(people.values_list("groups", flat=True))
        self._seats = [seat_of(queue, has_hands=queue.group_id in manned) for queue in queues]
        self._routes: dict[tuple[Reason, int, int | None], Queue] = {}
        self._dues: dict[tuple[int, str, int], datetime] = {}

    @property
    def is_empty(self) -> bool:
        return not self._seats

    def queue_for(self, complaint: Complaint, *, reason: Reason, level: int, hidden: bool) -> Queue:
        """The lowest fitting queue from this level on; where the firm has none so high, the highest it has.

        `hidden`: not everybody may see the complaint, so who could answer is asked for it alone.
        """
        if hidden:
            seats = seats_for(complaint, asked_by=None, offer=None, now=self.now)
            return _route(seats, reason, level, complaint.category_id)
        key = (reason, level, complaint.category_id)
        if key not in self._routes:
            self._routes[key] = _route(self._seats, *key)
        return self._routes[key]

    def answer_due(self, queue: Queue, complaint: Complaint) -> datetime:
        key = (queue.pk, complaint.pack_code, complaint.pack_version)
        if key not in self._dues:
            self._dues[key] = clock.answer_due(queue, complaint, now=self.now)
        return self._dues[key]


def hidden_from_some(complaints: Iterable[Complaint]) -> set[int]:
    """Those of these complaints that not everybody may see."""
    complaints = list(complaints)
    about = Complaint.about.through.objects.filter(complaint__in=[one.pk for one in complaints])
    return {one.pk for one in complaints if one.restricted} | set(
        about.values_list("complaint_id", flat=True)
    )


def _route(seats: list[Seat], reason: Reason, level: int, category: int | None) -> Queue:
    for above in range(level - 1, -1, -1):
        if queue := route(seats, reason=reason, category=category, above=above):
            return queue
    raise LookupError("There is no queue.")
