from django.db.models import Q

from complaints.mailroom.letters import MOST_REFERENCES
from complaints.resolution.models import Message


def thread_of(complaint: int) -> list[str]:
    """The Message-IDs of a complaint's correspondence, theirs and ours, oldest first: by them a mail program keeps a
    conversation together, and an answer finds its complaint, whatever its subject has become.
    """
    by_mail = Message.objects.filter(
        Q(mail__isnull=False) | Q(received_as__isnull=False), complaint=complaint
    )
    named = by_mail.order_by("-pk").values_list("mail__message_id", "received_as__message_id")
    found = [ours or (f"<{theirs}>" if theirs else "") for ours, theirs in named[:MOST_REFERENCES]]
    return [name for name in reversed(found) if name]
