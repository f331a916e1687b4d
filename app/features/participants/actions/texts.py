"""May what is known of a person be kept, whichever way it came in?"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.kit import bodies
from app.kit.text import looks_like_personnummer
from app.kit.wire import Schema


def refuse_personnummer(body: Schema) -> None:
    """What the guard asks of every request's body, asked of what did not come as one.

    Raises: `text.personnummer_refused`.
    """
    refuse_personnummer_in(body.model_dump(by_alias=True, mode="json", exclude_unset=True))


def refuse_personnummer_in(row: Mapping[str, Any]) -> None:
    """The same of one row among many: its texts are looked at together first, and one by one only when that tells.

    Raises: `text.personnummer_refused`.
    """
    if looks_like_personnummer("|".join(_texts(row))):
        bodies.refuse_personnummer(row)


def _texts(value: Any) -> Iterator[str]:
    """Every text, number and key; a bar between them is part of no personnummer."""
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield str(key)
            yield from _texts(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _texts(held)
    elif isinstance(value, str | int):
        yield str(value)
