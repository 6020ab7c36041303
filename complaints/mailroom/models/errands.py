from django.db import models


class Errand(models.Model):
    """One sender on its way: the letters it took along, in their order, and how many of them are behind it.

    A row so small that writing it costs next to nothing: the letters themselves are written once, when it is back.
    So of those still in hand the first `behind` have gone, the next one may have, and the others have not.
    """

    owner = models.CharField(max_length=100, primary_key=True)
    mails = models.JSONField(help_text="The keys of the letters.")
    behind = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    at = models.DateTimeField(help_text="When the last of those behind it went.")

    def __str__(self) -> str:
        return f"{self.owner}: {self.behind} of {len(self.mails)}"

    def has_behind_it(self, key: int) -> bool:
        return key in self.mails[: self.behind]
