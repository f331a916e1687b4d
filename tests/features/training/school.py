"""Where is training given? A scene whose screener trains both sides, with a course in the curriculum."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from tests.features.enrolments.scene import Scene, add_cohort, set_scene
from tests.world import START, Client, World

COURSE: dict[str, Any] = {
    "title": "Att vara adept",
    "language": "sv",
    "description": "Två timmar om vad mentorskapet ger.",
    "topics": ["expectations", "roles"],
    "minutes": 100,
}


@dataclass
class School:
    """`lead` is a coordinator of the partner that trains; `scene.screener` is its case handler."""

    scene: Scene
    lead: Client

    @property
    def world(self) -> World:
        return self.scene.world

    @property
    def trainer_id(self) -> UUID:
        return self.scene.screener_id

    def course(self, **over: Any) -> dict[str, Any]:
        body = {**COURSE, "title": f"Påhittad kurs {self.world.number()}", **over}
        return self.lead.made(f"/partners/{self.trainer_id}/courses", body)

    def taught(self, side: str = "mentee", *, is_required: bool = True, **over: Any) -> dict[str, Any]:
        """A course in the curriculum of one side."""
        course = self.course(**over)
        self.add(course, side, is_required=is_required)
        return course

    def add(self, course: dict[str, Any], side: str = "mentee", *, is_required: bool = True) -> dict[str, Any]:
        body = {"courseId": course["id"], "side": side, "isRequired": is_required}
        return self.lead.made(f"/programs/{self.scene.program_id}/curriculum", body)

    def session(self, course: dict[str, Any], hours: float = -3, minutes: int = 100, **over: Any) -> dict[str, Any]:
        """A session that starts this many hours from now."""
        starts_at = self.world.clock() + timedelta(hours=hours)
        body = {
            "courseVersionId": course["latest"]["id"],
            "startsAt": starts_at.isoformat(),
            "endsAt": (starts_at + timedelta(minutes=minutes)).isoformat(),
            "mode": "inPerson",
            "place": "Påhittade biblioteket",
            **over,
        }
        return self.scene.screener.made(f"/partners/{self.trainer_id}/training-sessions", body)

    def register(self, enrolment: str, session: dict[str, Any], client: Client | None = None) -> httpx.Response:
        return (client or self.scene.screener).post(f"{enrolment}/attendances", {"sessionId": session["id"]})

    def registered(self, enrolment: str, session: dict[str, Any]) -> str:
        """The path of a new registration."""
        response = self.register(enrolment, session)
        assert response.status_code == 201, response.text
        return f"/attendances/{response.json()['id']}"

    def mark(self, attendance: str, client: Client | None = None, **body: Any) -> httpx.Response:
        return (client or self.scene.screener).patch(attendance, body)

    def attend(self, enrolment: str, session: dict[str, Any], minutes: int | None = None) -> str:
        """Register somebody and note that they came; answers the registration's path."""
        path = self.registered(enrolment, session)
        told: dict[str, Any] = {} if minutes is None else {"minutes": minutes}
        response = self.scene.screener.patch(path, {"status": "attended", **told})
        assert response.status_code == 200, response.text
        return path

    def records(self, enrolment: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.scene.screener.get(f"{enrolment}/training-records").json()["items"]
        return items


def open_school(world: World, **program: Any) -> School:
    scene = set_scene(world, program)
    return School(scene, world.client(Role.COORDINATOR, scene.screener_id))


def second_program(school: School, **program: Any) -> Scene:
    """Another program of the same partners, with a cohort of its own; the people are the same."""
    scene, world = school.scene, school.world
    program_id = world.program(scene.owner_id, **program)
    world.agree(
        program_id,
        {
            scene.owner_id: [Duty.DEFINE_PURPOSE],
            scene.recruiter_id: [Duty.RECRUIT_MENTEES, Duty.RECRUIT_MENTORS],
            scene.screener_id: [Duty.SCREEN_MENTEES, Duty.SCREEN_MENTORS, Duty.TRAIN_MENTEES, Duty.TRAIN_MENTORS],
        },
    )
    made = {**vars(scene), "program_id": program_id, "cohort_id": add_cohort(world, program_id)}
    return Scene(**made)


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def duties(response: httpx.Response) -> list[tuple[str, str | None]]:
    """What a 403 says: each duty with the partner that is accountable for it."""
    return [(one["duty"], one["partnerId"]) for one in response.json()["context"]["duties"]]


__all__ = ["COURSE", "START", "School", "duties", "open_school", "refusal", "second_program"]
