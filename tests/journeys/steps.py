"""Which steps return in journeys? Each speaks HTTP as the partner that answers for it."""

import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain.glossary import Sector
from app.domain.roles import Role
from app.kit.clock import today
from tests.world import Client, World

SPLIT = {
    "municipality": [
        "definePurpose", "recruitMentees", "screenMentees", "proposeMatches", "approveMatches", "recordOutcomes",
        "reportToCommittee", "holdPersonalData", "handleIncidents",
    ],
    "business": ["recruitMentors", "screenMentors"],
    "association": ["inform", "trainMentors", "trainMentees", "signMatchAgreements", "followUpMatches"],
}  # fmt: skip
WORKDAY = [{"weekday": day, "fromHour": 16, "untilHour": 20} for day in range(1, 6)]


@dataclass
class Cast:
    """Three partners, each with a coordinator and a case handler."""

    world: World
    partners: dict[str, UUID] = field(default_factory=dict)
    coordinators: dict[str, Client] = field(default_factory=dict)
    handlers: dict[str, Client] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World) -> "Cast":
        cast = cls(world)
        sectors = {
            "municipality": Sector.MUNICIPALITY,
            "business": Sector.BUSINESS,
            "association": Sector.CIVIL_SOCIETY,
        }
        for key, sector in sectors.items():
            cast.partners[key] = world.partner(f"Påhittad {key}", sector)
            cast.coordinators[key] = world.client(Role.COORDINATOR, cast.partners[key])
            cast.handlers[key] = world.client(Role.CASE_HANDLER, cast.partners[key])
        return cast

    @property
    def today(self) -> date:
        return today(self.world.clock())


def start_program(cast: Cast, **over: Any) -> str:
    """A programme with purpose, target, information for both sides and a matching policy; not yet an agreement."""
    lead = cast.coordinators["municipality"]
    given = {
        "name": f"Påhittad yrkesmentor {cast.world.number()}",
        "summary": "Yrkesverksamma möter den som söker sig in.",
        "kind": "mentoring",
        "category": "professionalPeers",
        "purpose": "Fler når egen försörjning.",
        "isPublished": True,
        **over,
    }
    program: str = lead.made("/programs", given)["id"]
    due_on = str(cast.today + timedelta(days=365))
    lead.made(f"/programs/{program}/targets", {"outcome": "selfSufficient", "number": 8, "dueOn": due_on})
    for side in ("mentor", "mentee"):
        pack = {"side": side, "language": "sv", "title": "Så går det till", "body": "Mentorn ordnar inte ett jobb."}
        lead.made(f"/programs/{program}/information-packs", pack)
    policy = lead.get(f"/programs/{program}/default-matching-policy").json()["document"]
    lead.made(f"/programs/{program}/matching-policies", {"document": policy, "note": "Enligt profilen."})
    return program


def sign_agreement(cast: Cast, program: str, split: dict[str, list[str]] | None = None) -> str:
    """Draft, propose, and sign by every party; in force from today."""
    lead = cast.coordinators["municipality"]
    split = split or SPLIT
    draft = {
        "title": "Samverkansavtal",
        "terms": "Ansvaret fördelas som i tabellen.",
        "validFrom": str(cast.today),
        "parties": [str(cast.partners[key]) for key in split],
        "duties": [
            {"duty": duty, "partnerId": str(cast.partners[key]), "level": "accountable"}
            for key, duties in split.items()
            for duty in duties
        ],
    }
    agreement: str = lead.made(f"/programs/{program}/agreements", draft)["id"]
    lead.made(f"/agreements/{agreement}/proposal", status=200)
    for key in split:
        response = cast.coordinators[key].post(f"/agreements/{agreement}/signatures")
        assert response.status_code in {200, 201}, response.text
    assert lead.get(f"/agreements/{agreement}").json()["status"] == "inForce"
    return agreement


def open_cohort(cast: Cast, program: str, *, weeks: int = 26) -> str:
    """A cohort whose intake is open for both sides from today, opened after the readiness check."""
    lead = cast.coordinators["municipality"]
    until = str(cast.today + timedelta(days=30))
    days = {
        "startsOn": str(cast.today),
        "endsOn": str(cast.today + timedelta(weeks=weeks)),
        "mentorIntakeFrom": str(cast.today),
        "mentorIntakeUntil": until,
        "menteeIntakeFrom": str(cast.today),
        "menteeIntakeUntil": until,
    }
    cohort: str = lead.made(f"/programs/{program}/cohorts", {"name": f"Omgång {cast.world.number()}", **days})["id"]
    opened = lead.post(f"/cohorts/{cohort}/opening")
    assert opened.status_code in {200, 201}, opened.text
    return cohort


def person(world: World, **over: Any) -> dict[str, Any]:
    """An invented person, speaking Swedish well and free on weekday evenings."""
    return {
        "givenName": "Påhittad",
        "familyName": f"Person {world.number()}",
        "bornOn": "1980-05-17",
        "gender": "female",
        "municipalityCode": "0182",
        "languages": [{"code": "sv", "level": "C1"}],
        "occupationCode": "2512",
        "availability": WORKDAY,
        "goals": ["findWork"],
        **over,
    }


def enrol(cast: Cast, cohort: str, side: str, *, needs_owner: bool = False, **over: Any) -> dict[str, Any]:
    """Register a person at the recruiting partner and enrol them; answers the enrolment."""
    key = "business" if side == "mentor" else "municipality"
    handler = cast.handlers[key]
    held = handler.made(f"/partners/{cast.partners[key]}/participants", person(cast.world, **over))
    wish = {"participantId": held["id"], "side": side, "needsBusinessOwner": needs_owner}
    return handler.made(f"/cohorts/{cohort}/enrolments", wish)


def make_ready(cast: Cast, program: str, enrolment: dict[str, Any]) -> None:
    """Screen, inform and train one person, each by the partner that answers for it."""
    side = enrolment["side"]
    handler = cast.handlers["business" if side == "mentor" else "municipality"]
    where = f"/enrolments/{enrolment['id']}"
    screening = {"interviewedOn": str(cast.today), "referenceCount": 2, "decision": "ready"}
    screened = handler.post(f"{where}/screening", screening)
    assert screened.status_code in {200, 201}, screened.text
    packs = handler.get(f"/programs/{program}/information-packs").json()["items"]
    pack = next(one for one in packs if one["side"] == side)
    handler.made(f"{where}/acknowledgements", {"packId": pack["id"]})
    training = {"title": "Att mötas", "topics": ["roles"], "minutes": 360, "completedOn": str(cast.today)}
    cast.handlers["association"].made(f"{where}/training-records", training)


def run_matching(cast: Cast, program: str, cohort: str, **over: Any) -> dict[str, Any]:
    """Start a run and wait until the worker has finished it; answers the run."""
    lead = cast.coordinators["municipality"]
    run = lead.made(f"/programs/{program}/match-runs", {"cohortId": cohort, **over}, status=202)
    for _ in range(300):
        found: dict[str, Any] = lead.get(f"/match-runs/{run['id']}").json()
        if found["status"] not in {"queued", "running"}:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the run did not finish: {run}")
