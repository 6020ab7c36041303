from django.dispatch import Signal

#: A verb of the file changed a complaint. Sent inside the transaction, after the save, with the plain `send`:
#: a listener that fails takes the whole change with it. Arguments: complaint, entry (what happened), now.
moved = Signal()
