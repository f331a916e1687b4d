"""Which of the forms that we can give does the caller like best? The Accept header, weighed (RFC 9110 §12.5.1)."""

from collections.abc import Sequence

JSON = "application/json"


def preferred(accept: str, offered: Sequence[str]) -> str:
    """The media type that the header ranks highest; among equals, and when it allows none, the first offered."""
    return max(offered, key=lambda media: (_quality(accept, media), -offered.index(media)))


def _quality(accept: str, wanted: str) -> float:
    """The weight of the most specific range that names it; what is not mentioned weighs nothing."""
    ranges = {"*/*": 0, f"{wanted.partition('/')[0]}/*": 1, wanted: 2}
    best = (-1, 0.0)
    for part in accept.lower().split(","):
        media, _, parameters = part.strip().partition(";")
        if media.strip() in ranges:
            best = max(best, (ranges[media.strip()], _weight(parameters)))
    return best[1]


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
