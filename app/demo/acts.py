"""Which acts return in the demo's stories? Opening a cohort, enrolling, making ready, giving a login."""

from datetime import date, timedelta
from typing import Any

from app.demo.client import Stage
from app.kit.clock import today

HANDLERS = {"mentor": "handlaggare@foretagarna.example", "mentee": "handlaggare@nacka.example"}


def open_cohort(stage: Stage, program: str, name: str, first_on: date, *, weeks: int) -> str:
    """A cohort whose intake is open from `first_on`; answers its id."""
    nacka = stage["samordnare@nacka.example"]
    intake = {"mentorIntakeFrom": first_on, "menteeIntakeFrom": first_on}
    until = first_on + timedelta(days=42)
    days = intake | {"mentorIntakeUntil": until, "menteeIntakeUntil": until}
    days |= {"startsOn": first_on, "endsOn": first_on + timedelta(weeks=weeks)}
    cohort = nacka.post(f"/programs/{program}/cohorts", {"name": name} | {key: str(day) for key, day in days.items()})
    nacka.post(f"/cohorts/{cohort['id']}/opening")
    return str(cohort["id"])


def enrol(stage: Stage, partner: str, cohort: str, person: dict[str, Any], side: str) -> dict[str, Any]:
    """Register a person at their partner and enrol them; answers the enrolment."""
    handler = stage[HANDLERS[side]]
    needs_owner = person.get("needsBusinessOwner", False)
    body = {name: value for name, value in person.items() if name != "needsBusinessOwner"}
    held = handler.post(f"/partners/{partner}/participants", body)
    wish = {"participantId": held["id"], "side": side, "needsBusinessOwner": needs_owner}
    enrolled: dict[str, Any] = handler.post(f"/cohorts/{cohort}/enrolments", wish)
    return enrolled


def packs_by_side(stage: Stage, program: str) -> dict[str, str]:
    """The information pack of each side."""
    packs = stage[HANDLERS["mentee"]].get(f"/programs/{program}/information-packs?limit=50")["items"]
    return {pack["side"]: pack["id"] for pack in packs}


def make_ready(stage: Stage, enrolment: dict[str, Any], packs: dict[str, str]) -> None:
    """Screen, inform and train one person, and note what they expect."""
    side, on = enrolment["side"], today(stage.clock())
    handler = stage[HANDLERS[side]]
    where = f"/enrolments/{enrolment['id']}"
    handler.post(f"{where}/screening", {"interviewedOn": str(on), "referenceCount": 2, "decision": "ready"})
    handler.post(f"{where}/acknowledgements", {"packId": packs[side]})
    asked = handler.get("/expectation-questions")["questions"]
    handler.put(f"{where}/expectations", {"answers": {one["code"]: expect(one, side) for one in asked}})
    trainer = stage["handlaggare@brobyggarna.example"]
    training = {"title": "Att mötas i mentorskap", "topics": ["roles", "expectations", "closure"], "minutes": 360}
    trainer.post(f"{where}/training-records", {**training, "completedOn": str(on)})


def expect(question: dict[str, Any], side: str) -> Any:
    """What a side expects: both the same but for how often to meet, which there is reason to talk about."""
    match question["type"]:
        case "boolean":
            return True
        case "integer":
            return question["minimum"] + (2 if question["code"] == "meetingsPerMonth" and side == "mentee" else 0)
    return question["options"][0]["code"]


def invite_pair(stage: Stage, enrolment: dict[str, Any], email: str) -> None:
    """Give a participant a login of their own."""
    invited = stage[HANDLERS[enrolment["side"]]].post(
        f"/participants/{enrolment['participantId']}/login", {"side": enrolment["side"]}
    )
    stage.join(email, invited["invitationToken"])
