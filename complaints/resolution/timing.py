"""When things fall due or run out, by the policy the complaint was received under. Questions only."""

from complaints.policies import packs
from complaints.policies.packs import Pack
from complaints.resolution.models import Complaint


def pack_of(complaint: Complaint) -> Pack:
    """The rules in force when the complaint was received; it keeps them for life."""
    return packs.pack(complaint.pack_code, complaint.pack_version)
