"""How far a number may be trusted: a pack is product research until a compliance person has confirmed it."""

from enum import StrEnum


class Status(StrEnum):
    VERIFIED = "V"  # read in the source named
    SECONDARY = "S"  # read about in another source only
    KNOWN = "K"  # from general knowledge
    HOUSE = "H"  # the firm's own choice; no rule asks for this number

    @property
    def must_be_confirmed(self) -> bool:
        return self in {Status.SECONDARY, Status.KNOWN}
