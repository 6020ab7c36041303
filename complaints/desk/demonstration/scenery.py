"""The particulars of one complaint: where, when, how much. Drawn once, so that every text of a file agrees."""

from datetime import datetime, timedelta
from random import Random

from complaints.desk.demonstration.matters import Incident

PLACES = (
    "Faro", "Lisbon", "Palermo", "Heraklion", "Rhodes", "Dubrovnik", "Split", "Nice", "Malaga", "Alicante",
    "Palma", "Tenerife", "Funchal", "Naples", "Bari", "Antalya", "Larnaca", "Valletta", "Porto", "Bergen",
)  # fmt: skip
HOTELS = (
    "Hotel Bellamar", "Casa do Vento", "The Lemon Terrace", "Villa Calanca", "Hotel Sette Scalini",
    "The Old Customs House", "Pension Morgenrot", "Sunrise Bay Resort", "Hotel Plataia", "The Blue Anchor",
)  # fmt: skip
SURNAMES = ("Pemberley", "Oakshott", "Tregarth", "Winstanley", "Ashdown", "Marlowe")


def scenery(rng: Random, incident: Incident, received_at: datetime) -> dict[str, str]:
    earlier = received_at - timedelta(days=rng.randint(9, 40))
    day = earlier + timedelta(days=rng.randint(2, 7))
    return {
        "place": rng.choice(PLACES),
        "hotel": rng.choice(HOTELS),
        "surname": rng.choice(SURNAMES),
        "flight": f"NG {rng.randint(110, 989)}",
        "booking": f"NT{rng.randint(200000, 989999)}",
        "room": str(rng.randint(101, 599)),
        "people": str(rng.randint(2, 6)),
        "age": str(rng.randint(67, 88)),
        "earlier": spoken(earlier),
        "day": spoken(day),
        "sum": f"{rng.randint(incident.low, incident.high):,}",
        "small": str(rng.randint(18, 95)),
    }


def spoken(day: datetime) -> str:
    return f"{day.day} {day:%B}"
