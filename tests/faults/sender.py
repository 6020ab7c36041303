"""A sender in a process of its own, to be killed: `python sender.py NAME LEASE_IN_SECONDS`."""

import sys
import time
from datetime import timedelta

import django
from django.core.mail.utils import DNS_NAME
from django.utils import timezone


def run(name: str, lease: timedelta) -> None:
    from complaints.mailroom.actions import deliver_due

    DNS_NAME._fqdn = name  # the server is told who is talking to it
    while True:
        if not deliver_due(now=timezone.now, owner=name, limit=20, lease=lease):
            time.sleep(0.05)


if __name__ == "__main__":
    django.setup()
    run(sys.argv[1], timedelta(seconds=float(sys.argv[2])))
