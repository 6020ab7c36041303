"""What the mailroom tells whoever listens.

`settled` goes out when letters have reached an end, inside the transaction that records it. A listener is
given `mails`, their common `outcome` (an `Outcome`) and `now`; one that fails takes a cancelling with it, but
cannot undo a delivery: that end is kept and announced again later. So a listener may hear of the same end twice.

`posted` goes out after the commit that wrote a letter which is due; it only says "look".

`arrived` goes out when mails have been read that are no reports on letters of ours, inside the transaction that
gives them their fates. A listener is given `arrivals`, none of which can bear on the fate of another, and `now`, and
says of each what it meets; one that fails takes everything with it, and each of the mails is met again, alone.
"""

from django.db import models
from django.dispatch import Signal


class Outcome(models.TextChoices):
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    AMBIGUOUS = "ambiguous"  # a person has to decide: it may have arrived, and must not arrive twice
    BOUNCED = "bounced"


settled = Signal()
posted = Signal()
arrived = Signal()
