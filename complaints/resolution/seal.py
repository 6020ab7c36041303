"""The seal of an offer: what exactly was proposed, and therefore what exactly was approved."""

import hashlib
import json
from typing import Any

from complaints.resolution.models import Offer, OfferLine


def seal_of(offer: Offer, lines: list[OfferLine]) -> str:
    """SHA-256 over the canonical content. Anything the customer could hold us to is in it."""
    canonical = json.dumps(content_of(offer, lines), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def content_of(offer: Offer, lines: list[OfferLine]) -> dict[str, Any]:
    return {
        "complaint": offer.complaint_id,
        "version": offer.version,
        "proposed_by": offer.proposed_by_id,
        "benefit": offer.benefit,
        "open_until": int(offer.open_until.timestamp()),  # a copy of the register may not keep fractions
        "follow_up_on": offer.follow_up_on.isoformat(),
        "lines": [line_content(line) for line in lines],
    }


def line_content(line: OfferLine) -> dict[str, str]:
    return {
        "kind": line.kind,
        "amount": f"{line.amount.amount:.2f}" if line.amount else "",
        "currency": line.amount.currency.code if line.amount else "",
        "action": line.action,
        "due_on": line.due_on.isoformat(),
        "conditions": line.conditions,
    }


def is_whole(offer: Offer) -> bool:
    """Is the offer, as it stands in the database, the one that was sealed and approved?"""
    return offer.seal == offer.approved_seal == seal_of(offer, list(offer.lines.all()))
