from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "complaints.followups"
    label = "followups"
    verbose_name = "Follow-ups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from complaints.followups.receivers import plan_letters
        from complaints.resolution.signals import moved

        moved.connect(plan_letters, dispatch_uid="followups.plan_letters")
