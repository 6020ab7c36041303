"""Whom a complaint is about, and to whom a restricted one is shown, as far as the rows of history know it."""

from typing import Any

from django.db import migrations


def into_the_ledger(apps: Any, editor: Any) -> None:
    entries = apps.get_model("resolution", "Entry").objects.using(editor.connection.alias)
    complaints = apps.get_model("resolution", "Complaint").objects.using(editor.connection.alias)
    for complaint in complaints.filter(about__isnull=False).distinct().iterator():
        for entry in entries.filter(complaint=complaint, kind="opened"):
            add(entries, entry, "about", complaint.about.all())
    shown = apps.get_model("resolution", "HistoricalComplaint_confidants").objects
    for entry in entries.filter(kind="restriction").iterator():
        rows = shown.using(editor.connection.alias).filter(
            history__id=entry.complaint_id, history__history_date=entry.at
        )
        people = {row.user_id: row.user for row in rows.select_related("user")}
        add(entries, entry, "confidants", people.values())


def add(entries: Any, entry: Any, fact: str, people: Any) -> None:
    named = {str(one.pk): f"{one.first_name} {one.last_name}".strip() or one.username for one in people}
    if named:
        entries.filter(pk=entry.pk).update(facts={**entry.facts, fact: named})


class Migration(migrations.Migration):
    dependencies = [("resolution", "0012_clocks_from_the_record")]

    operations = [migrations.RunPython(into_the_ledger, migrations.RunPython.noop)]
