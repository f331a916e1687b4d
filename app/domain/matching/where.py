"""In which municipality and county does a place code lie?"""

import re
from functools import cache

# A municipality (0182), a DeSO (0182A0010) or a RegSO (0182R001): SCB's regional
# divisions. SCB's six-digit districts do not begin with the municipality and compare only as a whole.
_BEGINS_WITH_MUNICIPALITY = re.compile(r"\d{4}(?:[A-C]\d{4}|R\d{3})?", re.ASCII)


@cache
def municipality(place: str | None) -> str | None:
    """The four-digit municipality where the code tells it, otherwise the code itself."""
    return place[:4] if place is not None and _BEGINS_WITH_MUNICIPALITY.fullmatch(place) else place


def county(place: str | None) -> str | None:
    """The two-digit county (län), where the code tells it."""
    found = municipality(place)
    return found[:2] if found is not None and _BEGINS_WITH_MUNICIPALITY.fullmatch(found) else None
