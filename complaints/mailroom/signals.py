"""What the mailroom tells whoever listens.

`settled` goes out when letters have reached an end, inside the transaction that records it. A listener is
given `mails`, their common `outcome` (an `Outcome`) and `now`; one that fails takes a cancelling with it, but
cannot undo a delivery: that end is kept and announced again later. So a listener may hear of the same end twice.

`posted` goes out after the commit that wrote a letter which is due; it only says "look".

`arrived` goes out when a mail has been read that is no report on a letter of ours, inside the transaction that
gives it its fate. A listener is given `mail`, `read` (a `ReadMail`) and `now`, and concludes the mail; one that fails
takes everything with it, and the mail is met again.
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
