from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.desk.roles import Change, UnknownPermission, set_up


class Command(BaseCommand):
    help = "Make the groups Handler, Supervisor, Manager and Quality, with the permissions of their roles."

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        try:
            changes = set_up()
        except UnknownPermission as unknown:
            raise CommandError(f"No app declares {unknown}. Run the migrations first.") from unknown
        for change in changes if verbosity else ():
            self.stdout.write(describe(change))


def describe(change: Change) -> str:
    if not change.is_any:
        return f"{change.role}: as it should be"
    done = ["made"] if change.is_new else []
    done += [f"granted {', '.join(change.granted)}"] if change.granted else []
    done += [f"removed {', '.join(change.removed)}"] if change.removed else []
    return f"{change.role}: {'; '.join(done)}"
