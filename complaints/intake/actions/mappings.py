"""What a person says about a file that it does not say itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from complaints.intake.exceptions import NameTaken, UnknownMapping
from complaints.intake.models import SavedMapping
from complaints.intake.reading import PROFILES, Export, Profile, open_export
from complaints.resolution.actors import Actor, staff_or_none

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows, Western European",
    "cp1250": "Windows, Central European",
    "cp1251": "Windows, Cyrillic",
    "iso8859-15": "ISO 8859-15 (Latin 9)",
    "mac-roman": "Macintosh, Western European",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "gb18030": "Chinese (GB 18030)",
    "shift_jis": "Japanese (Shift JIS)",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """Empty where the file shall speak for itself. With `columns`, `profile` is the name of where the file is from."""

    profile: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""
    encoding: str = ""


def open_as_chosen(path: Path, *, choices: Choices, now: datetime) -> Export:
    """Raises UnreadableExport, of which some are questions, and UnknownMapping."""
    return open_export(
        path,
        profile=_profile(choices),
        dates=choices.dates or None,
        encoding=choices.encoding or None,
        zone=ZoneInfo(settings.TIME_ZONE),
        now=now,
    )


def _profile(choices: Choices) -> Profile | None:
    if choices.columns:
        return Profile.from_mapping(choices.profile, choices.columns)
    return profile_called(choices.profile) if choices.profile else None


def profile_called(name: str) -> Profile:
    """A profile that ships with the product, or a mapping somebody saved. Raises UnknownMapping."""
    if name.casefold() in PROFILES:
        return PROFILES[name.casefold()]
    saved = SavedMapping.objects.filter(name=name).first()
    if saved is None:
        known = [*PROFILES, *SavedMapping.objects.values_list("name", flat=True)]
        raise UnknownMapping(f"There is no profile or mapping called “{name}”; we have {', '.join(known)}.")
    return Profile.from_mapping(saved.name, saved.columns)


def save_mapping(*, name: str, columns: Mapping[str, str], by: Actor, now: datetime) -> SavedMapping:
    """Keep a mapping under a name; what had the name before is replaced. Raises NameTaken for a profile's name."""
    if name.casefold() in PROFILES:
        raise NameTaken
    Profile.from_mapping(name, columns)
    saved, _ = SavedMapping.objects.update_or_create(
        name=name, defaults={"columns": dict(columns), "saved_by": staff_or_none(by), "saved_at": now}
    )
    return saved
