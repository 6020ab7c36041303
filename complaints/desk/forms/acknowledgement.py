from functools import cached_property

from complaints.desk.forms.letters import LetterForm
from complaints.desk.forms.opening import dates_to_tell
from complaints.followups import letters
from complaints.followups.models import PlannedLetter
from complaints.resolution.letters import Letter
from complaints.resolution.models import Entry, EntryKind, MessageKind


class AcknowledgementForm(LetterForm):
    """The letter that would go by itself, ahead of its hour and in a person's own words.

    It goes under the planned letter's own name, so that whichever of the two comes second finds the first.
    """

    kind = MessageKind.ACKNOWLEDGEMENT

    @cached_property
    def planned(self) -> PlannedLetter:
        mine = PlannedLetter.objects.filter(complaint=self.complaint, kind=self.kind)
        return mine.order_by("-pk").first() or PlannedLetter(
            complaint=self.complaint, kind=self.kind, cycle=self._opening()
        )

    def _opening(self) -> Entry:
        opened = self.complaint.entries.filter(kind__in=(EntryKind.OPENED, EntryKind.IMPORTED))
        return opened.earliest("pk")

    def draft(self) -> Letter:
        planned = self.planned
        planned.complaint = self.complaint
        return letters.write(planned, now=self.subject.now)

    def briefing(self) -> list[tuple[str, str]]:
        return [*super().briefing(), *dates_to_tell(self.subject)]
