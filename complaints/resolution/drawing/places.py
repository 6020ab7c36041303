"""Where each state stands and which way each move runs. All that is drawn by hand; words and arrows are not."""

from dataclasses import dataclass

from complaints.resolution.models import Move, State

M, S = Move, State
WIDTH, HEIGHT = 1016, 600
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    left: int
    top: int
    width: int = 124
    height: int = 38

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def touches(self, point: Point) -> bool:
        """Does the point lie on the border?"""
        x, y = point
        within = self.left <= x <= self.right and self.top <= y <= self.bottom
        return within and (x in (self.left, self.right) or y in (self.top, self.bottom))


@dataclass(frozen=True, slots=True)
class Road:
    """Straight lines from corner to corner. The label stands at `label`; two roads of one move may share one."""

    points: tuple[Point, ...]
    label: Point | None = None
    wrap: int = 12
    centred: bool = False


BOXES: dict[State, Box] = {
    S.RECEIVED: Box(48, 73),
    S.ACKNOWLEDGED: Box(268, 73),
    S.INVESTIGATING: Box(48, 164, 740, 92),
    S.WAITING: Box(48, 351),
    S.REFERRED: Box(216, 351, 150),
    S.APPROVED: Box(434, 351),
    S.OFFERED: Box(664, 351),
    S.FULFILLING: Box(664, 451),
    S.ANSWERED: Box(912, 130, 90, 359),
    S.CLOSED: Box(912, 541, 90),
    S.WITHDRAWN: Box(118, 451),
    S.MERGED: Box(338, 451),
}
ROADS: dict[tuple[Move, State], Road] = {
    (M.ACKNOWLEDGE, S.RECEIVED): Road(((172, 92), (268, 92)), (220, 86), centred=True),
    (M.INVESTIGATE, S.ACKNOWLEDGED): Road(((330, 111), (330, 164)), (338, 142), wrap=30),
    (M.ASK, S.INVESTIGATING): Road(((64, 256), (64, 351)), (70, 298)),
    (M.HEAR, S.WAITING): Road(((136, 351), (136, 256)), (142, 298)),
    (M.REFER, S.INVESTIGATING): Road(((240, 256), (240, 351)), (246, 298)),
    (M.REFUSE, S.REFERRED): Road(((332, 351), (332, 256)), (338, 306)),
    (M.APPROVE, S.REFERRED): Road(((366, 370), (434, 370)), (400, 364), centred=True),
    (M.PROPOSE, S.INVESTIGATING): Road(((450, 256), (450, 351)), (456, 298)),
    (M.REVISE, S.APPROVED): Road(((528, 351), (528, 256)), (534, 298)),
    (M.OFFER, S.APPROVED): Road(((558, 370), (664, 370)), (611, 364), wrap=20, centred=True),
    (M.DECLINE, S.OFFERED): Road(((676, 351), (676, 256)), (682, 298), wrap=7),
    (M.LAPSE, S.OFFERED): Road(((736, 351), (736, 256)), (742, 298)),
    (M.ACCEPT, S.OFFERED): Road(((726, 389), (726, 451)), (734, 416)),
    (M.FULFIL, S.FULFILLING): Road(((788, 470), (912, 470)), (862, 448), centred=True),
    (M.RESPOND, S.INVESTIGATING): Road(((788, 222), (912, 222)), (862, 202), wrap=16, centred=True),
    (M.SETTLE, S.RECEIVED): Road(((110, 73), (110, 30), (957, 30), (957, 130)), (560, 24), centred=True),
    (M.SETTLE, S.ACKNOWLEDGED): Road(((330, 73), (330, 30), (957, 30), (957, 130))),
    (M.SETTLE, S.INVESTIGATING): Road(((788, 182), (912, 182)), (862, 176), centred=True),
    (M.CLOSE, S.ANSWERED): Road(((957, 489), (957, 541)), (965, 520)),
    (M.REOPEN, S.ANSWERED): Road(((912, 246), (788, 246)), (862, 241), centred=True),
    (M.REOPEN, S.CLOSED): Road(((912, 560), (12, 560), (12, 210), (48, 210)), (726, 554), centred=True),
}
#: The line around all states in which somebody still owes the customer something, and the moves that leave from
#: any of them.
FENCE: tuple[Point, ...] = ((24, 48), (812, 48), (812, 508), (648, 508), (648, 408), (24, 408))
FENCE_LABEL: Point = (798, 68)
FROM_FENCE: dict[Move, Road] = {
    M.WITHDRAW: Road(((180, 408), (180, 451)), (188, 434)),
    M.MERGE: Road(((400, 408), (400, 451)), (408, 434)),
}
BEGINNING: tuple[Point, Point] = ((12, 92), (48, 92))
