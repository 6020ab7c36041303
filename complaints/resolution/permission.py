"""Who may make which move. How much they may grant is `authority`'s question."""

from django.contrib.auth.models import User

from complaints.resolution.actors import Actor, System
from complaints.resolution.exceptions import NotPermitted, NotVisible
from complaints.resolution.models import Complaint, Customer, Move

WORK = "resolution.work_complaint"
ASSIGN = "resolution.assign_complaint"
DECIDE = "resolution.decide_offer"
SUPERVISE = "resolution.supervise_complaint"

STAFF_MOVES: dict[Move, str] = {
    move: {Move.APPROVE: DECIDE, Move.REFUSE: DECIDE}.get(move, WORK)
    for move in Move
    if move is not Move.LAPSE
}
CUSTOMER_MOVES = frozenset({Move.HEAR, Move.ACCEPT, Move.DECLINE, Move.WITHDRAW})
SYSTEM_MOVES = frozenset({Move.ACKNOWLEDGE, Move.LAPSE, Move.CLOSE, Move.REOPEN})


def may_move(actor: Actor, move: Move) -> bool:
    """Does the role allow the move at all? Says nothing of this complaint's state or facts."""
    if isinstance(actor, User):
        return move in STAFF_MOVES and actor.has_perm(STAFF_MOVES[move])
    return move in (CUSTOMER_MOVES if isinstance(actor, Customer) else SYSTEM_MOVES)


def require_move(actor: Actor, move: Move, complaint: Complaint) -> None:
    require_sight(actor, complaint)
    if not may_move(actor, move):
        raise NotPermitted


def require_sight(actor: Actor, complaint: Complaint) -> None:
    """A customer sees their own complaint only; staff see what `visible_to` shows; the house sees all."""
    if isinstance(actor, System):
        return
    if isinstance(actor, Customer):
        seen = complaint.customer_id == actor.pk
    else:
        seen = Complaint.objects.visible_to(actor).filter(pk=complaint.pk).exists()
    if not seen:
        raise NotVisible


def require_permission(actor: Actor, permission: str, complaint: Complaint) -> None:
    require_sight(actor, complaint)
    if isinstance(actor, User) and not actor.has_perm(permission):
        raise NotPermitted
