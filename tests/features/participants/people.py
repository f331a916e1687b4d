"""Who stands in the tests of people: partners that hold the same person, and rows that only the database shows."""

from typing import Any
from uuid import UUID

import httpx
from sqlmodel import Session, col, select

from app.domain.roles import Role
from app.features.access.tables import Concealment
from app.features.participants.tables import ContactDigest, LinkDecision, Participant
from tests.features.enrolments.scene import PERSON
from tests.world import Client, World


def handler_of(world: World, **over: Any) -> tuple[Client, dict[str, Any]]:
    """A case handler and a person whom their partner holds."""
    partner = world.partner()
    handler = world.client(Role.CASE_HANDLER, partner)
    return handler, handler.made(f"/partners/{partner}/participants", {**PERSON, **over})


def refused(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def digests(world: World, person: dict[str, Any], *, guardians: bool = False) -> set[tuple[str, str]]:
    """(kind, digest) of the person's own contacts, or of those of their guardians."""
    with Session(world.engine) as session:
        found = session.exec(select(ContactDigest).where(ContactDigest.participant_id == UUID(person["id"])))
        return {(row.kind.value, row.digest) for row in found if (row.guardian_id is not None) is guardians}


def concealed(world: World, person: dict[str, Any]) -> list[str]:
    """Why the person's rows are kept from some."""
    with Session(world.engine) as session:
        found = session.exec(select(Concealment).where(Concealment.participant_id == UUID(person["id"])))
        return [row.kind.value for row in found]


def stored_person(world: World, person: dict[str, Any]) -> Participant:
    with Session(world.engine) as session:
        return session.get_one(Participant, UUID(person["id"]))


def decisions(world: World, person: dict[str, Any]) -> int:
    """How many decisions name the record."""
    own = UUID(person["id"])
    with Session(world.engine) as session:
        named = col(LinkDecision.first_participant_id) == own, col(LinkDecision.second_participant_id) == own
        return len(session.exec(select(LinkDecision).where(named[0] | named[1])).all())
