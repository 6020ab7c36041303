"""Another policy for a complaint: which dates change is shown before it is done."""

from functools import cached_property
from hashlib import sha256
from typing import Any

from django import forms

from complaints.desk.forms.base import ReasonForm
from complaints.policies.schema import Pack
from complaints.resolution import foreseeing, timing
from complaints.resolution.foreseeing import Change


class PackForm(ReasonForm):
    """`seen` is the mark of what was shown: dates that came to be others meanwhile are shown once more."""

    template = "desk/dialog_pack.html"
    reason_label = "Why these rules?"
    pack = forms.ChoiceField(label="Put it under")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("pack", "reason", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changes: list[Change] | None = None
        choices = [(one.code, f"{one.name}, version {one.version}") for one in self.packs.values()]
        self.fields["pack"].choices = [("", "Choose …"), *choices]  # type: ignore[attr-defined]

    @cached_property
    def packs(self) -> dict[str, Pack]:
        return {one.code: one for one in foreseeing.packs_to_choose(self.subject.complaint)}

    def briefing(self) -> list[tuple[str, str]]:
        here = timing.pack_of(self.subject.complaint)
        return [("Comes under now", f"{here.name}, version {here.version}")]

    def wants_another_look(self) -> bool:
        """The dates that change, shown once before the deed."""
        pack = self.packs[self.cleaned_data["pack"]]
        found = foreseeing.under(self.subject.complaint, pack, now=self.subject.now)
        mark = mark_of(pack, found)
        if self.cleaned_data["seen"] == mark:
            return False
        self.changes = found
        self.data = {**dict(self.data.items()), "seen": mark}
        return True


def mark_of(pack: Pack, changes: list[Change]) -> str:
    told = [f"{pack.code} {pack.version}", *(f"{one.label} {one.was} {one.becomes}" for one in changes)]
    return sha256("\n".join(told).encode()).hexdigest()
