"""Does everybody see exactly the fields that the golden file says, in every state of a match?

`field_matrix.csv` is written by people who thought it out from the rules, never generated from the code: for each state
of the match and each principal, `y` or `n` for every field of a person of the pair.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from app.domain import visibility
from app.domain.glossary import Side
from app.domain.visibility import TABLE, Audience
from tests.contracts.field_world import SECRETS, STATUS, Scene, Theatre
from tests.world import World

GOLDEN = Path(__file__).with_name("field_matrix.csv")
UNFILLED = {"birthYear", "protection"}  # empty of whoever is neither anonymous nor protected
HOLDS = dict(zip(("givenName", "familyName", "email", "phone", "bornOn", "externalId"), SECRETS, strict=True))
STATES = {"P": "proposed", "A": "accepted", "S": "started", "E": "ended", "C": "calledOff", "p": "proposedWithConsent"}
LOOKS_AS = {
    Audience.SELF: ["self"],
    Audience.HOLDER: ["holderHandler"],
    # Whoever screens reaches a match by another duty too; what the one also sees, the other does not.
    Audience.DUTY: ["screeningMatcher", "screeningFollower"],
    Audience.MATCHER: ["matcher"],
    Audience.FOLLOWER: ["follower"],
    Audience.COUNTERPART: ["counterpart"],
    Audience.COUNTERPART_HOLDER: ["otherHandler"],
}


def golden() -> dict[str, dict[str, set[str]]]:
    """The fields that each principal sees, by state."""
    found: dict[str, dict[str, set[str]]] = defaultdict(dict)
    with GOLDEN.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            state, principal = row.pop("state"), row.pop("principal")
            assert set(row.values()) <= {"y", "n"}
            found[state][principal] = {name for name, cell in row.items() if cell == "y"}
    return found


MATRIX = golden()


@pytest.fixture(scope="module", params=list(Side))
def theatre(world: World, request: pytest.FixtureRequest) -> Theatre:
    return Theatre(world, request.param)


def test_the_golden_file_is_complete() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    assert {visibility_name(field) for field in TABLE} == set(header[2:])
    assert set(MATRIX) == set(STATUS)
    assert len({frozenset(principals) for principals in MATRIX.values()}) == 1
    assert len(MATRIX["accepted"]) == 13


def visibility_name(field: str) -> str:
    head, *tail = field.split("_")
    return head + "".join(part.title() for part in tail)


@pytest.mark.parametrize("state", STATUS)
def test_every_cell(theatre: Theatre, state: str) -> None:
    scene = theatre.play(state)
    wrong = {}
    for principal, expected in MATRIX[state].items():
        seen = scene.seen(principal)
        if set(seen["shown"]) != expected:
            wrong[principal] = sorted(set(seen["shown"]) ^ expected)
            continue
        told = {name for name in MATRIX["accepted"]["self"] | {"birthYear"} if seen.get(name) is not None}
        may_be_empty = UNFILLED if state != "acceptedAnonymous" else {"protection", "bornOn"}
        assert told <= expected <= told | may_be_empty, principal
        hidden = [value for name, value in HOLDS.items() if name not in expected]
        assert [value for value in hidden if value in seen["text"]] == [], principal
    assert wrong == {}


def flipped(field: str, place: int, letter: str) -> dict[str, tuple[object, ...]]:
    """The table with one letter of one cell turned over."""
    row = list(TABLE[field])
    cell = str(row[place])
    row[place] = cell.replace(letter, "") if letter in cell else cell + letter
    return {**TABLE, field: tuple(row)}


def test_a_flipped_cell_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter of every cell in turn: for each there is somebody whose view no longer is what the file says."""
    theatre = Theatre(world, Side.MENTEE)
    scenes: dict[str, Scene] = {letter: theatre.play(state) for letter, state in STATES.items()}
    unnoticed = []
    for row, field in enumerate(TABLE):
        for place, audience in enumerate(Audience, start=1):
            letters = "PASECp" if place > len(Audience) - 2 else "PASEC"
            letter = letters[(row + place) % len(letters)]
            monkeypatch.setattr(visibility, "TABLE", flipped(field, place, letter))
            seen = {name: set(scenes[letter].seen(name)["shown"]) for name in LOOKS_AS[audience]}
            if all(shown == MATRIX[STATES[letter]][name] for name, shown in seen.items()):
                unnoticed.append((field, audience, letter))
    assert unnoticed == []
