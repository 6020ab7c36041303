"""What faults are tried on beside the mail servers of the outbox."""

from tests.complaints.mailroom.conftest import dovecot

__all__ = ["dovecot"]
