from django.apps import AppConfig


class ResolutionConfig(AppConfig):
    name = "complaints.resolution"
    label = "resolution"
    verbose_name = "Complaints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from complaints.resolution import receivers
