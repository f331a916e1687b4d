"""Whom do tests ask for consent, with which words, and what was the answer?"""

from typing import Any
from uuid import UUID

import httpx
from sqlmodel import Session, select

from app.domain.glossary import Concealing
from app.domain.roles import Role
from app.features.access.tables import Concealment
from app.features.participants.tables import Guardian
from tests.features.enrolments.scene import Scene
from tests.world import Client

SHARE = "shareInProgram"


def text_of(scene: Scene, purpose: str = SHARE, partner_id: UUID | None = None, language: str = "sv") -> str:
    """A published text of the recruiter, or of another partner."""
    partner_id = partner_id or scene.recruiter_id
    writer = scene.world.client(Role.COORDINATOR, partner_id)
    body = {"purpose": purpose, "language": language, "body": "Vi delar dina uppgifter med programmets parter."}
    made: str = writer.made(f"/partners/{partner_id}/consent-texts", body)["id"]
    return made


def give(
    scene: Scene, person: dict[str, Any], client: Client | None = None, text: str | None = None, **over: Any
) -> httpx.Response:
    """Consent to sharing in the scene's program, heard by the recruiter's staff, unless `over` says otherwise."""
    body = {"purpose": SHARE, "textId": text or text_of(scene), "programId": str(scene.program_id), **over}
    body = {name: value for name, value in body.items() if value is not None}
    return (client or scene.recruiter).post(f"/participants/{person['id']}/consents", body)


def given(scene: Scene, person: dict[str, Any], **over: Any) -> str:
    """The path of a consent in force."""
    response = give(scene, person, **over)
    assert response.status_code == 201, response.text
    assert response.headers["location"].endswith(f"/consents/{response.json()['id']}")
    return f"/consents/{response.json()['id']}"


def refused(response: httpx.Response) -> tuple[int, str, str | None]:
    body = response.json()
    return response.status_code, body["code"], next((error["pointer"] for error in body["errors"]), None)


def concealed(scene: Scene, person: dict[str, Any]) -> list[tuple[Concealing, UUID | None]]:
    with Session(scene.world.engine) as session:
        found = session.exec(select(Concealment).where(Concealment.participant_id == UUID(person["id"])))
        return [(one.kind, one.program_id) for one in found]


def minor(scene: Scene) -> tuple[dict[str, Any], str]:
    """Somebody of 17 and a guardian of theirs."""
    person = scene.person(bornOn="2008-03-03")
    author = scene.recruiter.get("/me").json()["id"]
    guardian: Guardian = scene.world.add(
        Guardian(
            participant_id=UUID(person["id"]),
            partner_id=scene.recruiter_id,
            given_name="Påhittad",
            family_name="Förälder",
            email="foralder@example.org",
            recorded_by_user_id=UUID(author),
        )
    )
    return person, str(guardian.id)
