from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "complaints.mailroom"
    label = "mailroom"
    verbose_name = "Post"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from complaints.mailroom import checks
        from complaints.mailroom.signals import posted
        from complaints.mailroom.tasks import doorbell

        posted.connect(doorbell.ring, dispatch_uid="mailroom.doorbell")
