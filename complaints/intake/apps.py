from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "complaints.intake"
    label = "intake"
    verbose_name = "Arrival"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from complaints.intake import receivers
