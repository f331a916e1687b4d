"""May this text be kept? Nothing that looks like a personnummer is."""

from collections.abc import Iterator
from typing import Any

from app.domain.errors import RuleViolation
from app.kit.problems import pointer_to
from app.kit.text import looks_like_personnummer
from app.kit.wire import Schema


def refuse_personnummer(body: Schema) -> None:
    """Refuse texts, at any depth and as keys too, that seem to hold a personnummer; the pointer never repeats one.

    Raises: `text.personnummer_refused`.
    """
    for where in _suspects(body.model_dump(by_alias=True, exclude_unset=True), ()):
        raise RuleViolation("text.personnummer_refused", pointer=pointer_to(where))


def _suspects(value: Any, where: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Where texts and whole numbers look like one. A key that does is named by the object it stands in."""
    if isinstance(value, dict):
        for key, held in value.items():
            if looks_like_personnummer(str(key)):
                yield where
            else:
                yield from _suspects(held, (*where, str(key)))
    elif isinstance(value, list | tuple):
        for place, held in enumerate(value):
            yield from _suspects(held, (*where, str(place)))
    elif isinstance(value, str | int) and looks_like_personnummer(str(value)):
        yield where
