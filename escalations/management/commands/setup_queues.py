from typing import Any

from django.core.management.base import BaseCommand

from escalations.actions import set_up_queues


class Command(BaseCommand):
    help = "Makes the first escalation queues, supervisors and managers, where there are none yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        made = set_up_queues()
        for queue in made:
            self.stdout.write(f"{queue}: level {queue.level}, worked by {queue.group}")
        if not made:
            self.stdout.write("There are queues already; nothing was changed.")
