"""Full-text indexes for the search box, on PostgreSQL only; elsewhere a bounded number of texts is read.

The expressions are, letter for letter, those the desk asks with; a differing one would not be used. Words beyond
the first 100,000 characters of a text are not indexed: a tsvector has a limit of one megabyte.
"""

from django.db import migrations

INDEXES = {
    "message_by_words": "ON resolution_message USING gin (to_tsvector('english', left(body, 100000)))",
    "complaint_by_words": "ON resolution_complaint USING gin (to_tsvector('english', left(title, 100000)))",
    "customer_by_words_of_name": "ON resolution_customer USING gin (to_tsvector('simple', name))",
}


def make(_apps, editor):
    if editor.connection.vendor == "postgresql":
        for name, definition in INDEXES.items():
            editor.execute(f"CREATE INDEX {name} {definition}")


def drop(_apps, editor):
    if editor.connection.vendor == "postgresql":
        for name in INDEXES:
            editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("resolution", "0002_concerns_by_moment")]

    operations = [migrations.RunPython(make, drop)]
