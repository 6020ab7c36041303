from typing import Any

from complaints.desk.forms.base import DialogForm, Words
from complaints.desk.forms.letters import LetterForm
from complaints.desk.forms.offers import in_words
from complaints.resolution.models import MessageKind


class ProofForm(DialogForm):
    proof = Words(
        label="Proof", rows=2, help_text="A payment reference, a date, who did what. Somebody may check it."
    )

    def briefing(self) -> list[tuple[str, str]]:
        return [("Promised", in_words(self.subject.line))]


class CheckForm(DialogForm):
    def briefing(self) -> list[tuple[str, str]]:
        done = self.subject.fulfilment
        who = done.done_by.get_full_name() or done.done_by.get_username()
        return [("Promised", in_words(done.line)), ("Done", f"{done.proof} ({who})")]


class OutcomeForm(LetterForm):
    kind = MessageKind.OUTCOME

    def draft_facts(self) -> dict[str, Any]:
        return {"lines": self.subject.accepted_lines}
