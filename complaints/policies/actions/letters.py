from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.policies import letter_text
from complaints.policies.exceptions import BadLetterText, MayNotWord, NothingNew, WhyNeeded, WordingMovedOn
from complaints.policies.letter_names import SAME_FOR_ALL, Wording, names_of
from complaints.policies.letter_text import LetterText
from complaints.policies.models import LetterTemplate
from complaints.policies.models.letter_templates import SHIPPED
from complaints.policies.shipped_letters import shipped

WRITE_LETTERS = "policies.add_lettertemplate"


@transaction.atomic
def write_template(
    wording: Wording,
    *,
    language: str,
    text: LetterText,
    reason: str,
    copied_from: int,
    by: User,
    now: datetime,
    in_use_from: datetime | None = None,
) -> LetterTemplate:
    """Keep a new version of a letter's words, written from a copy of the newest one (0: what ships).

    Raises BadLetterText for anything but words and the letter's own names, and WordingMovedOn where somebody else
    was quicker. Letters already written keep the words they have.
    """
    if not by.has_perm(WRITE_LETTERS):
        raise MayNotWord
    text = LetterText(text.subject.strip(), _tidy(text.body))
    check_wording(wording, text)
    if not reason.strip():
        raise WhyNeeded
    newest = LetterTemplate.objects.of(wording, language).order_by("-version").first()
    latest = newest.version if newest else SHIPPED
    if latest != copied_from:
        raise WordingMovedOn(latest)
    if text == (newest.text if newest else shipped(wording).get(language)):
        raise NothingNew
    template = LetterTemplate(
        kind=wording,
        language=language,
        version=latest + 1,
        subject=text.subject,
        body=text.body,
        made_by=by,
        made_at=now,
        reason=reason.strip()[:300],
        in_use_from=max(in_use_from or now, now),
    )
    return _keep(template)


def check_wording(wording: Wording, text: LetterText) -> None:
    """Raises BadLetterText for what would be no letter, or one about nobody in particular (B32)."""
    names = names_of(wording)
    letter_text.check(text, names)
    if wording is Wording.FINAL_RESPONSE and "{rights}" not in text.body:
        raise BadLetterText(["The final response needs {rights}: how to take the matter further."])
    whole = f"{text.subject}\n{text.body}"
    if not any(f"{{{name}}}" in whole for name in names.keys() - SAME_FOR_ALL):
        raise BadLetterText(["Nothing in these words is about the customer. Use at least {reference}."])


def _keep(template: LetterTemplate) -> LetterTemplate:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        raise WordingMovedOn(template.version) from None
    return template


def _tidy(body: str) -> str:
    """As a browser sends it, with one kind of line end."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"
