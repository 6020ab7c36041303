"""The two rungs every firm begins with; a manager may change them afterwards."""

from django.contrib.auth.models import Group
from django.db import transaction

from escalations.models import Queue

#: Name, level and the group that works it.
LADDER = (("Supervisors", 1, "Supervisor"), ("Managers", 2, "Manager"))


@transaction.atomic
def set_up_queues() -> list[Queue]:
    """Make the queues of LADDER where a firm has none yet. Returns those made: none the second time."""
    if Queue.objects.exists():
        return []
    return [
        Queue.objects.create(name=name, level=level, group=Group.objects.get_or_create(name=group)[0])
        for name, level, group in LADDER
    ]
