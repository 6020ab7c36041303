"""Reads a real complaint export, whatever happened to it on the way, into typed rows. Writes nothing."""

from complaints.intake.reading.exceptions import (
    AmbiguousDates,
    NotText,
    UnknownLayout,
    UnknownProfile,
    UnreadableExport,
)
from complaints.intake.reading.export import Export, open_export
from complaints.intake.reading.profiles import CFPB, FCC, FIELDS, PROFILES, Profile
from complaints.intake.reading.records import Channel, ComplaintRecord, JunkLine, Refusal, Row, Standing

__all__ = [
    "CFPB",
    "FCC",
    "FIELDS",
    "PROFILES",
    "AmbiguousDates",
    "Channel",
    "ComplaintRecord",
    "Export",
    "JunkLine",
    "NotText",
    "Profile",
    "Refusal",
    "Row",
    "Standing",
    "UnknownLayout",
    "UnknownProfile",
    "UnreadableExport",
    "open_export",
]
