from django.db import models


class SentForm(models.Model):
    """A form of the desk that has been sent, by the name it carries. Sent again, it does nothing."""

    key = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
