"""Does the same input still give the very same proposal, in blocks of any size and whichever way it is solved?

Digests of everything that runs over invented pools say. Where one changes, the engine gives other proposals than it
did: that may be meant, but then ENGINE_VERSION is raised too.
"""

import importlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from app.domain.matching.engine import ENGINE_VERSION, propose, verify
from app.domain.matching.model import Pool, arrange
from app.domain.matching.policy import GroupSize, Policy
from app.domain.matching.suggestions import assess, suggest_mentees, suggest_mentors
from app.domain.matching.what_if import default_questions, explore
from bench.campaigns.matching_mutants import ONLY_FOR_SPEED
from bench.pools import make_policy, make_pool

POLICY = make_policy()
POOL = arrange(make_pool(70))
GROUPS = replace(POLICY, group=GroupSize(2, 3))


def decided() -> Pool:
    """With pairs that are decided on, and proposals that may move."""
    pairs = [(one.mentor, one.mentee) for one in propose(POOL, POLICY, seed=2).pairs]
    return replace(POOL, pins=frozenset(pairs[:4]), kept=frozenset(pairs[4:24]))


CASES: dict[str, tuple[Pool, Policy]] = {
    "plain": (POOL, POLICY),
    "floor": (POOL, replace(POLICY, score_floor=2_000, raises_floor=True)),
    "decided": (decided(), replace(POLICY, keep_bonus=700, most_mentees=2)),
    "flat": (POOL, replace(POLICY, max_tier=1, min_overlap_hours=3)),
}
SAID = {
    "4": {
        "plain": "b2fb8ff2ced25065", "floor": "c2b2b2917305b1c2", "decided": "2b548c337d94535f", "flat": "17071b30f90883f1", "groups": "82430e9481ca9472", "what if": "fd14d8c42ce0a3fd", "suggestions": "8e7dbbd55753b914",
    },
}  # fmt: skip


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value


def digest(value: Any) -> str:
    return sha256(json.dumps(plain(value)).encode()).hexdigest()[:16]


def said(case: str) -> str:
    pool, policy = CASES[case]
    return digest(asdict(propose(pool, policy, seed=5)) | {"engine_version": ""})


@pytest.mark.parametrize("case", CASES)
def test_a_run_says_what_it_said(case: str) -> None:
    assert said(case) == SAID[ENGINE_VERSION][case]


def test_a_run_with_groups_says_what_it_said() -> None:
    """But for the prices, which a solver makes of fractions."""
    pool = arrange(make_pool(24))
    proposal = propose(pool, GROUPS, seed=5)
    assert proposal.is_optimal
    assert verify(pool, GROUPS, proposal)
    stages = [(one.aim, one.value, one.bound) for one in proposal.stages]
    assert digest(asdict(replace(proposal, stages=())) | {"stages": stages}) == SAID[ENGINE_VERSION]["groups"]


def answers() -> str:
    questions = default_questions(POOL, POLICY, propose(POOL, POLICY, seed=5))
    return digest([(type(one.question).__name__, asdict(one)) for one in explore(POOL, POLICY, 5, questions)])


def test_what_if_says_what_it_said() -> None:
    assert answers() == SAID[ENGINE_VERSION]["what if"]


def test_suggestions_are_what_they_were() -> None:
    found: list[Sequence[Any]] = [
        *(suggest_mentors(POOL, POLICY, one.id, 4) for one in POOL.mentees[:10]),
        *(suggest_mentees(POOL, POLICY, one.id, 4) for one in POOL.mentors[:10]),
        [assess(POOL, POLICY, one.id, other.id) for one, other in zip(POOL.mentors, POOL.mentees, strict=False)],
    ]
    assert digest([[asdict(one) for one in some] for some in found]) == SAID[ENGINE_VERSION]["suggestions"]


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in ONLY_FOR_SPEED.items() for name in names]
)
def test_what_is_only_for_speed_changes_nothing(module: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the least value that each can have, where every block and every candidate is one by itself."""
    home = "market" if name == "WORTH_COMPILING" else module
    monkeypatch.setattr(importlib.import_module(f"app.domain.matching.{home}"), name, 1)
    for case in ("plain", "decided"):
        assert said(case) == SAID[ENGINE_VERSION][case]
    assert answers() == SAID[ENGINE_VERSION]["what if"]
