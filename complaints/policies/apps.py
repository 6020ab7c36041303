from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "complaints.policies"
    label = "policies"
    verbose_name = "Policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from complaints.policies import checks
