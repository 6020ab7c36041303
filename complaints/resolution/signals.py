from django.dispatch import Signal

#: Verbs of the file changed complaints. Sent inside the transaction, after the save, with the plain `send`:
#: a listener that fails takes the whole change with it. Arguments: entries (what happened, each with its complaint;
#: mostly one, many where many are dealt with at once), now.
moved = Signal()
