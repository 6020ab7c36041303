from complaints.mailroom.letters import MOST_REFERENCES
from complaints.mailroom.models import OutgoingMail


def thread_of(complaint: int) -> list[str]:
    """The Message-IDs of our letters in a complaint, oldest first: by them a mail program keeps a conversation
    together, and an answer finds its complaint, whatever its subject has become.
    """
    written = OutgoingMail.objects.filter(message__complaint=complaint).order_by("-pk")
    return list(written.values_list("message_id", flat=True)[:MOST_REFERENCES])[::-1]
