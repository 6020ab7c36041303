"""A file somebody has uploaded and not imported yet. It belongs to one person and one session, and to nobody else."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest

from complaints.intake import uploads
from complaints.intake.actions import Choices
from complaints.resolution.actions.documents import shown_name

DRAFTS = "import_drafts"
MOST = 5


@dataclass(frozen=True, slots=True)
class Draft:
    key: str
    name: str
    size: int
    owner: int
    profile: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    dates: str = ""
    encoding: str = ""

    @classmethod
    def keep(cls, request: HttpRequest, person: User, file: "UploadedFile[bytes]") -> Self:
        """Keep the upload; of this session's drafts only the last few are."""
        draft = cls(uploads.keep(file.chunks()), shown_name(file.name or ""), file.size or 0, person.pk)
        drafts: dict[str, Any] = request.session.get(DRAFTS, {})
        for old in list(drafts)[: max(len(drafts) + 1 - MOST, 0)]:
            uploads.discard(old)
            del drafts[old]
        request.session[DRAFTS] = {**drafts, draft.key: asdict(draft)}
        return draft

    @classmethod
    def of(cls, request: HttpRequest, person: User, key: str) -> Self:
        """404 for a key of another session, of another person, or of none."""
        kept = request.session.get(DRAFTS, {}).get(key)
        if kept is None or kept["owner"] != person.pk or not uploads.path_of(key).is_file():
            raise Http404
        return cls(**kept)

    def with_choices(self, request: HttpRequest, **changed: Any) -> Self:
        draft = replace(self, **changed)
        request.session[DRAFTS] = {**request.session[DRAFTS], self.key: asdict(draft)}
        return draft

    def forget(self, request: HttpRequest) -> None:
        drafts = request.session[DRAFTS]
        request.session[DRAFTS] = {key: kept for key, kept in drafts.items() if key != self.key}

    @property
    def choices(self) -> Choices:
        return Choices(self.profile, self.columns, self.dates, self.encoding)
