"""Is this the very pool that a run was made for? One digest over everything the engine may read."""

import json
from dataclasses import fields
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.domain.matching.model import Mentee, Mentor, Pool


def digest_pool(pool: Pool) -> str:
    """SHA-256, hexadecimal, of a pool in canonical order; the order in which it was read does not matter."""
    text = json.dumps(
        {
            "mentors": [_columns(mentor) for mentor in pool.mentors],
            "mentees": [_columns(mentee) for mentee in pool.mentees],
            "blocked": sorted([str(one), str(other), why.value] for (one, other), why in pool.blocked.items()),
            "pins": sorted([str(mentor), str(mentee)] for mentor, mentee in pool.pins),
            "kept": sorted([str(mentor), str(mentee)] for mentor, mentee in pool.kept),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(text.encode()).hexdigest()


def _columns(person: Mentor | Mentee) -> dict[str, Any]:
    return {field.name: _plain(getattr(person, field.name)) for field in fields(person)}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
