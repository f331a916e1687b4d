"""May this body be kept? No text in it, at any depth, looks like a personnummer."""

import json
import re
from collections.abc import Iterator
from typing import Any

from app.domain.errors import RuleViolation
from app.kit.problems import pointer_to
from app.kit.text import looks_like_personnummer

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""Ids are made by machines; now and then the digits of one would pass for a personnummer."""


def check_body(body: bytes) -> None:
    """Refuse a JSON body that seems to hold a personnummer; other bodies are their readers' to check.

    Raises: `text.personnummer_refused`.
    """
    try:
        value = json.loads(body) if body else None
    except ValueError:
        return
    refuse_personnummer(value)


def refuse_personnummer(value: Any) -> None:
    """Refuse texts, whole numbers and keys that seem to hold a personnummer; the pointer never repeats one.

    Raises: `text.personnummer_refused`.
    """
    for where in _suspects(value, ()):
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
    elif isinstance(value, str | int) and not _UUID.fullmatch(str(value)) and looks_like_personnummer(str(value)):
        yield where
