from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "complaints.mailroom"
    label = "mailroom"
    verbose_name = "Post"
    default_auto_field = "django.db.models.BigAutoField"
