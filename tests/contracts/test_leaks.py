"""When the application's filters are gone, does the database still keep each partner's people to itself?"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text, true

from app.domain.roles import Role
from app.features.access import visible as filters
from app.features.access.row_policies import policies
from app.main import describe
from app.settings import Settings
from tests.flock import LETTERS, Flock, fill, word
from tests.world import Client, World

SUNG = re.compile(r"kanarie-([A-C]+)-")
PEOPLE = ("participant", "enrolment", "match", "meeting", "follow_up", "referral")
"""Tables whose ids tell of people too."""
FIXED = {"month": "2026-02", "accessId": "1", "occasion": "entry"}
OTHERWISE_NAMED = {"handoverId": "duty_handover", "userId": "user_account", "curriculumCourseId": "program_course"}
"""Path parameters that do not say the name of their table."""


@pytest.fixture(scope="module")
def flocks(world: World) -> list[Flock]:
    return fill(world)


@pytest.fixture
def unfiltered(monkeypatch: pytest.MonkeyPatch) -> int:
    """Every place that filters by reach lets everything through."""
    patched = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("app.") and getattr(module, "visible", None) is filters.visible
    ]
    for module in patched:
        monkeypatch.setattr(module, "visible", lambda *_: true())
    return len(patched)


def addresses(flocks: list[Flock]) -> list[str]:
    """Every address that can be read, with a row of each partner in it: of the first person, or of the last."""
    found = []
    for path, operations in describe(Settings())["paths"].items():
        if "get" in operations:
            parameters = re.findall(r"\{(\w+)\}", path)
            found += [_filled(path, parameters, flock, row) for flock, row in zip(flocks, (-1, 0, -1), strict=True)]
    return sorted(set(found))


def _filled(path: str, parameters: list[str], flock: Flock, row: int) -> str:
    for parameter in parameters:
        path = path.replace(f"{{{parameter}}}", FIXED.get(parameter) or str(_id(parameter, flock, row)))
    return path


def _id(parameter: str, flock: Flock, row: int) -> object:
    """Raises KeyError for a parameter that leads nowhere: say above what it names."""
    known: dict[str, object] = {"partnerId": flock.partner, "programId": flock.program, "agreementId": flock.agreement}
    known |= {"system": "x", "externalId": word(flock.letter, "mentor-extern")}
    if parameter in known:
        return known[parameter]
    spoken = re.sub("[A-Z]", lambda found: "_" + found[0].lower(), parameter.removesuffix("Id"))
    return flock.rows[OTHERWISE_NAMED.get(parameter, spoken)][row].id


def known_to(flocks: list[Flock]) -> dict[str, str]:
    """Id of a row about people → the letters of the partners that may know of it."""
    found: dict[str, str] = {}
    for place, flock in enumerate(flocks):
        after = LETTERS[(place + 1) % len(LETTERS)]
        for table in PEOPLE:
            letters = flock.letter + (after if table in {"participant", "referral"} else "")  # referred round the ring
            found |= {str(row.id): letters for row in flock.rows[table]}
    return found


class Listener:
    """Reads everything as somebody and counts what sang of people who are none of theirs."""

    def __init__(self, flocks: list[Flock]) -> None:
        self.addresses = addresses(flocks)
        self.ids = known_to(flocks)
        self.answered: Counter[str] = Counter()
        self.heard: list[str] = []
        self.own = 0

    def listen(self, who: str, letter: str, client: Client) -> None:
        for address in self.addresses:
            response = client.get(address)
            assert response.status_code < 500, (who, address, response.text)
            if response.status_code == 200:
                self.answered[who] += 1
                self.heard += [f"{who} {address}: {one}" for one in self.foreign(response.text, letter)]

    def foreign(self, body: str, letter: str) -> Iterator[str]:
        for letters in SUNG.findall(body):
            self.own += letter in letters
            if letter not in letters:
                yield letters
        yield from (one for one, letters in self.ids.items() if letter not in letters and one in body)


def principals(flocks: list[Flock]) -> Iterator[tuple[str, str, Client]]:
    """Of each partner somebody who works and somebody who is helped or administers."""
    roles_of_each = ("caseHandler", "partnerAdministrator"), ("coordinator", "mentor"), ("service", "mentee")
    for flock, roles in zip(flocks, roles_of_each, strict=True):
        for role in roles:
            yield f"{role} of {flock.letter}", flock.letter, flock.clients[role]


def test_without_filters_nobody_hears_of_others(world: World, flocks: list[Flock], unfiltered: int) -> None:
    assert unfiltered > 5
    listener = Listener(flocks)
    for who, letter, client in principals(flocks):
        listener.listen(who, letter, client)
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.EVALUATOR):
        listener.listen(role.value, "-", world.client(role, world.partner()))
    assert listener.heard == []
    assert listener.own > 50, "one's own people are still there"
    assert min(listener.answered.values()) > 5, "and nobody is merely refused"


def test_a_person_hears_of_nobody_but_themself_and_their_match(flocks: list[Flock], unfiltered: int) -> None:
    """The third person of each partner is neither."""
    assert unfiltered > 5
    flock = flocks[0]
    third = [str(flock.rows[table][-1].id) for table in ("participant", "enrolment")]
    for name in ("mentor", "mentee"):
        for address in addresses(flocks):
            response = flock.clients[name].get(address)
            if response.status_code == 200:
                assert "kanarie-A-third" not in response.text, (name, address)
                assert not any(one in response.text for one in third), (name, address)


def test_without_either_wall_they_would(world: World, flocks: list[Flock], unfiltered: int) -> None:
    """The control: the same listener hears a great deal when row-level security is off."""
    assert unfiltered > 5
    listener = Listener(flocks)
    who = f"caseHandler of {flocks[0].letter}"
    with no_second_wall(world):
        listener.listen(who, flocks[0].letter, flocks[0].clients["caseHandler"])
        listener.listen("coordinator", flocks[0].letter, flocks[0].clients["coordinator"])
        listener.listen("mentor", flocks[0].letter, flocks[0].clients["mentor"])
    assert len({heard.split(":")[0] for heard in listener.heard}) > 30


@contextmanager
def no_second_wall(world: World) -> Iterator[None]:
    def say(what: str) -> None:
        with world.engine.begin() as connection:
            for table in policies():
                connection.execute(text(f'alter table "{table}" {what} row level security'))

    say("disable")
    try:
        yield
    finally:
        say("enable")


def test_both_walls_together_let_the_right_rows_through(world: World, flocks: list[Flock]) -> None:
    """The rows that a caller sees are the same with and without the second wall: it hides nothing that is theirs."""
    lists = ["/participants?limit=50", "/enrolments?limit=50", "/matches?limit=50", "/follow-ups?limit=50"]
    readers = [flock.clients[role] for flock in flocks for role in ("caseHandler", "service", "mentor", "mentee")]

    def seen() -> list[Any]:
        answers = [reader.get(path) for reader in readers for path in lists]
        return [sorted(item["id"] for item in answer.json()["items"]) for answer in answers if answer.is_success]

    both = seen()
    with no_second_wall(world):
        assert seen() == both
    assert sum(map(len, both)) > 20
