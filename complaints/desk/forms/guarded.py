"""What the guard says of a letter, shown before it goes, and what the letter promises, for its writer to confirm.

Sending stops once where something must not leave, or where a promise with a day has not been confirmed yet. Advice
alone stops nothing; the button beside shows it without sending. What was typed always stays.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from complaints.desk.forms.base import DateField, DialogForm, Words
from complaints.policies.guard import Finding, Sum
from complaints.resolution import cooling, guarding, timing
from complaints.resolution.exceptions import HeldBack
from complaints.resolution.letters import Letter, Undertaking
from complaints.resolution.models import MessageKind

MOST_PROMISES = 12
CHECK, PROMISES = "check", "promises"


class PromiseRow(forms.Form):
    """`said` is the sentence in the letter; changed there, it is another promise and asked about anew."""

    said = forms.CharField(widget=forms.HiddenInput, required=False)
    keep = forms.BooleanField(label="Watch this promise", required=False)
    text = forms.CharField(label="What we do", max_length=300, required=False)
    due_on = DateField(label="By the end of", required=False)
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, wanted in (("text", "Say what we promised."), ("due_on", "Say by which day.")):
            if data.get("keep") and not data.get(name) and name not in self.errors:
                self.add_error(name, wanted)
        return data


PromiseRows = forms.formset_factory(PromiseRow, extra=0, max_num=MOST_PROMISES, absolute_max=MOST_PROMISES)


class GuardedForm(DialogForm):
    """Of every form that sends a letter. Subclasses say which letter, and of what kind."""

    kind: MessageKind
    rule: ClassVar[str] = ""
    can_be_checked = True

    despite = Words(label="Send it all the same, because", rows=2, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: tuple[Finding, ...] = ()
        self.heated = False
        self.promises = PromiseRows(self.data, prefix=PROMISES) if self._told_of_promises else None

    def letter(self) -> Letter:
        raise NotImplementedError

    def granting(self) -> Iterable[Sum]:
        """Sums that are granted by this very form."""
        return ()

    def setting(self) -> Iterable[date]:
        """Days that this very form lets the clocks watch."""
        return ()

    @property
    def _told_of_promises(self) -> bool:
        return self.is_bound and f"{PROMISES}-TOTAL_FORMS" in self.data

    def is_valid(self) -> bool:
        rows_are = self.promises is None or self.promises.is_valid()
        return super().is_valid() & rows_are

    def vouched(self, letter: Letter) -> Letter:
        """The letter with its writer's word on it."""
        return replace(letter, despite=self.cleaned_data.get("despite", ""), promises=self._confirmed())

    def _confirmed(self) -> tuple[Undertaking, ...] | None:
        if self.promises is None:
            return None
        return tuple(
            Undertaking(row["text"], timing.close_of(self.subject.complaint, row["due_on"]))
            for row in self._rows()
            if row.get("keep") and row.get("text") and row.get("due_on")
        )

    def _rows(self) -> list[dict[str, Any]]:
        if self.promises is None:
            return []
        return [getattr(row, "cleaned_data", {}) for row in self.promises]

    def wants_another_look(self) -> bool:
        findings = guarding.findings_in(
            self.letter(),
            self.subject.complaint,
            kind=self.kind,
            rule=self.rule,
            by=self.subject.person,
            now=self.subject.now,
            granting=self.granting(),
            setting=self.setting(),
        )
        self.heated = cooling.is_heated(finding.rule for finding in findings)
        told = {row.get("said") for row in self._rows()}
        is_new = any(finding.due and finding.quote not in told for finding in findings)
        stopped = any(finding.blocks for finding in findings) and not self.cleaned_data.get("despite")
        if not (is_new or stopped or CHECK in self.data):
            return False
        self._show(findings)
        return True

    def refuse(self, refused: Exception) -> None:
        if isinstance(refused, HeldBack):
            self._show(refused.findings)
        else:
            super().refuse(refused)

    def _show(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        if self.is_stopped or self.cleaned_data.get("despite"):
            self.fields["despite"].widget = forms.Textarea(attrs={"rows": 2})
        self._show_promises([finding for finding in findings if finding.due])

    def _show_promises(self, found: Iterable[Finding]) -> None:
        """Each promise once, with what its writer made of it already."""
        typed = {row["said"]: row for row in self._rows() if row.get("said")}
        rows = {finding.quote: typed.get(finding.quote) or _row(finding) for finding in found}
        shown = list(rows.values())[:MOST_PROMISES]
        self.promises = PromiseRows(initial=shown, prefix=PROMISES) if shown else None

    @property
    def postscript(self) -> str:
        """A heated letter is held, where a mail can be (B5); one on paper waits for somebody to post it."""
        customer = self.subject.complaint.customer
        if customer and not customer.writes_by_email:
            return "It goes on paper: print it from “To print”."
        if not (self.heated and cooling.in_words() and customer):
            return ""
        return f"It sounds heated, so it lies here for {cooling.in_words()} first: until then it can be taken back."

    @property
    def is_stopped(self) -> bool:
        return any(finding.blocks for finding in self.findings)

    @property
    def remarks(self) -> list[Finding]:
        """What is said in words; a promise with a day has a row of its own."""
        return [finding for finding in self.findings if not finding.due]

    @property
    def verdict(self) -> str:
        """One sentence above it all; nothing while there is nothing to look at."""
        if self.is_stopped:
            return "This letter has not been sent: something in it must not leave as it is."
        if self.findings:
            return "This letter has not been sent yet. Look at it once more."
        if self.is_bound and CHECK in self.data and not self.errors:
            return "Nothing stands against this letter. It has not been sent yet."
        return "This letter has not been sent yet." if self.promises else ""


def _row(finding: Finding) -> dict[str, Any]:
    due = timezone.localtime(finding.due).date() if finding.due else None
    return {"said": finding.quote, "text": finding.quote[:300], "due_on": due, "keep": True}
