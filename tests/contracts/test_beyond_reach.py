"""Where does the code look beyond the caller's reach, and why? Each place is a decision, written down here."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = {"beyond_reach", "looks_beyond_reach"}
DEFINED_IN = "app/features/access/rows.py"
SETTING = "mentorskap.beyond_reach"

REASONS = {
    "agreements/queries.py concerned": "which partners have people in a program; answers partners, no people",
    "consents/queries.py consent_in_force": "whoever acts, what was consented to decides; asked by id",
    "consents/queries.py consenting": "whoever acts, what was consented to decides; asked by ids",
    "enrolments/actions.py _fill_places": "the longest waiting moves up, whoever holds them; answers nothing",
    "enrolments/queries.py free_places": "a cohort's places are counted over all partners; answers a number",
    "enrolments/queries.py has_open_match": "a match binds whether the caller sees it or not; answers yes or no",
    "enrolments/queries.py waiting_line": "the line is one, whoever holds the people in it; moved, never answered with",
    "follow_ups/actions.py waive_open": "a match that ends takes all its contacts along, also those with the other side",
    "follow_ups/queries.py earliest_day": "when the match began or ended; answers a day",
    "matches/actions/proposals.py expire_unanswered": "unanswered proposals lapse in every program of the mentor",
    "matches/actions/proposals.py propose_match": "both sides' enrolments and the mentor's places, for one who approves",
    "matches/queries.py blocked_pairs": "who was declined is not proposed again; used by the engine, never answered with",
    "matches/queries.py contact": "the other person of an accepted match; the query itself refuses everybody else",
    "matches/queries.py held_places": "a mentor's places are counted over all programs; answers numbers",
    "matches/queries.py hold_enrolment": "both enrolments must be ready; read for their status, by the pair or its staff",
    "matches/queries.py lock_mentor": "acceptances of one mentor queue up at the mentor's row; read for the capacity",
    "matching/queries/people.py pool": "the engine reads everybody who is ready; the answer holds ids, by matchRun:read",
    "matching/queries/runs.py standings": "whether the suggested pairs still hold; answers which do not, by their ids",
    "participants/queries.py has_guardian_consent": "whoever acts, a guardian's consent decides; answers yes or no",
    "participants/queries.py is_guardian_of": "compares digests of people of two partners; answers yes or no",
    "participants/queries.py mentor_load": "a mentor's places are counted over all programs; answers numbers",
    "participants/queries.py valid_attestations": "whoever acts, what is attested decides; answers codes to the rules",
    "preparation/queries.py preparation": "who starts a match asks whether the two are prepared; answers minutes, yes or no",
    "reports/queries/records.py records": "statistics over all partners' people; figures are protected before they are told",
}
"""File and function below app/features: the reason."""


def uses(source: str) -> Iterator[str]:
    """The functions that widen the reach, as a block or altogether."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_widens, ast.walk(node))):
            yield node.name


def _widens(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in NAMES


def found() -> Iterator[str]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        if where != DEFINED_IN:
            source = path.read_text(encoding="utf-8")
            assert SETTING not in source, f"{where} sets what only {DEFINED_IN} may"
            yield from (f"{where.removeprefix('app/features/')} {name}" for name in uses(source))


def test_every_place_beyond_reach_has_its_reason() -> None:
    assert sorted(found()) == sorted(REASONS)


def test_a_use_is_found_in_every_form() -> None:
    assert list(uses("@looks_beyond_reach\ndef one(session): ...")) == ["one"]
    assert list(uses("@rows.looks_beyond_reach\ndef one(session): ...")) == ["one"]
    assert list(uses("def one(session):\n  if True:\n    with beyond_reach(session): pass")) == ["one"]
    assert list(uses("def one(session):\n  return session")) == []
