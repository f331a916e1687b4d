"""S9, the feed's part: a volunteer centre's script reads each night, to the end, and then finds only what is new.

The script knows nothing but the API, an account's secret and the file in which it keeps its cursor and its copy.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.domain.changes import ChangeKind
from app.domain.glossary import Side
from app.domain.roles import Responsibility, Role
from app.features.enrolments.tables import Enrolment
from tests.features.changes.test_reach import enrolment, log
from tests.world import World

SCOPES = ["change:read", "enrolment:read"]


@dataclass
class Script:
    """What runs each night; the second run of a night finds nothing."""

    world: World
    secret: dict[str, Any]
    file: Path

    def run(self) -> list[str]:
        """Bring the copy up to date; answers what was done, in order."""
        kept: dict[str, Any] = json.loads(self.file.read_text()) if self.file.exists() else {"cursor": None, "copy": {}}
        done = []
        while True:
            place = {"cursor": kept["cursor"]} if kept["cursor"] else {}
            page = self.get("/changes", {"limit": 2, "subject": "enrolment", **place})
            for item in page["items"]:
                one = item["subjectId"]
                done.append(f"{item['kind']} {one}")
                if item["kind"] == "reach.lost":
                    del kept["copy"][one]
                else:
                    kept["copy"][one] = self.get(f"/enrolments/{one}", {})["status"]
            kept["cursor"] = page["nextCursor"]
            self.file.write_text(json.dumps(kept))
            if not page["hasMore"]:
                return done

    @property
    def copy(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.file.read_text())["copy"]
        return found

    def get(self, path: str, params: dict[str, Any]) -> dict[str, Any]:
        form = {"grant_type": "client_credentials", "client_id": self.secret["clientId"]}
        form["client_secret"] = self.secret["clientSecret"]
        token = self.world.anonymous.call("POST", "//root/oauth/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        response = self.world.anonymous.get(path, params=params, headers=headers)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


@pytest.fixture
def centre(world: World) -> tuple[UUID, UUID, UUID]:
    """The centre screens the mentors of a program that another partner runs."""
    owner, centre = world.partner("Kommunen"), world.partner("Volontär i Nacka")
    program = world.program(owner)
    world.agree(program, {centre: [Responsibility.SCREEN_MENTORS], owner: [Responsibility.SCREEN_MENTEES]})
    return owner, centre, program


def recorded(world: World, row: Enrolment, kind: ChangeKind = ChangeKind.ENROLMENT_CREATED) -> str:
    log(world, kind, row, row.program_id)
    return f"{kind.value} {row.id}"


def test_each_night_only_what_is_new(world: World, centre: tuple[UUID, UUID, UUID], tmp_path: Path) -> None:
    owner, partner, program = centre
    admin = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    secret = admin.made(f"/partners/{partner}/service-accounts", {"name": "Nattskript", "scopes": SCOPES})
    script = Script(world, secret, tmp_path / "kept.json")

    mentors = [enrolment(world, program, owner, Side.MENTOR) for _ in range(5)]
    first = [recorded(world, one) for one in mentors]
    recorded(world, enrolment(world, program, owner, Side.MENTEE))
    assert script.run() == first, "the mentees are another partner's duty"
    assert script.run() == []
    assert set(script.copy) == {str(one.id) for one in mentors}

    world.clock.advance(timedelta(days=1))
    moved, new = recorded(world, mentors[1], ChangeKind.ENROLMENT_MOVED), enrolment(world, program, owner, Side.MENTOR)
    second = [moved, recorded(world, new)]
    assert script.run() == second
    assert script.run() == []

    world.clock.advance(timedelta(days=1))
    with world.engine.begin() as connection:
        connection.exec_driver_sql("update responsibility_assignment set ended_at = now() where duty = 'screenMentors'")
    third = script.run()
    assert sorted(third) == sorted(f"reach.lost {one.id}" for one in [*mentors, new])
    assert script.copy == {}
    assert script.run() == []
