from django.apps import AppConfig


class EscalationsConfig(AppConfig):
    name = "escalations"
    label = "escalations"
    verbose_name = "Escalations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from escalations import receivers
