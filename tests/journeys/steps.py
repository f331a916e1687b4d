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
    """Three partners, each with a coordinator and a case handler; `lead` owns the programmes, `split` says who does what."""

    world: World
    lead: str = "municipality"
    split: dict[str, list[str]] = field(default_factory=lambda: SPLIT)
    partners: dict[str, UUID] = field(default_factory=dict)
    coordinators: dict[str, Client] = field(default_factory=dict)
    handlers: dict[str, Client] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        world: World,
        lead: str = "municipality",
        split: dict[str, list[str]] | None = None,
        **sectors: Sector,
    ) -> "Cast":
        cast = cls(world, lead, split or SPLIT)
        usual = {
            "municipality": Sector.MUNICIPALITY,
            "business": Sector.BUSINESS,
            "association": Sector.CIVIL_SOCIETY,
        }
        for key, sector in (usual | sectors).items():
            cast.partners[key] = world.partner(f"Påhittad {key}", sector)
            cast.coordinators[key] = world.client(Role.COORDINATOR, cast.partners[key])
            cast.handlers[key] = world.client(Role.CASE_HANDLER, cast.partners[key])
        return cast

    @property
    def today(self) -> date:
        return today(self.world.clock())

    @property
    def owner(self) -> Client:
        """The coordinator of the partner that owns the programmes."""
        return self.coordinators[self.lead]

    def who(self, duty: str) -> str:
        """The partner that is accountable for a duty, by its key."""
        return next(key for key, duties in self.split.items() if duty in duties)


def start_program(cast: Cast, **over: Any) -> str:
    """A programme with purpose, target, information for both sides and a matching policy; not yet an agreement."""
    lead = cast.owner
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


def sign_agreement(cast: Cast, program: str, *, supporting: dict[str, list[str]] | None = None) -> str:
    """Draft, propose, and sign by every party; in force from today."""
    lead, split = cast.owner, cast.split
    draft = {
        "title": "Samverkansavtal",
        "terms": "Ansvaret fördelas som i tabellen.",
        "validFrom": str(cast.today),
        "parties": [str(cast.partners[key]) for key in split],
        "duties": [
            {"duty": duty, "partnerId": str(cast.partners[key]), "level": level}
            for level, assigned in (("accountable", split), ("supporting", supporting or {}))
            for key, duties in assigned.items()
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
    lead = cast.owner
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


def enrol(
    cast: Cast, cohort: str, side: str, *, needs_owner: bool = False, holder: str | None = None, **over: Any
) -> dict[str, Any]:
    """Register a person at the recruiting partner (or another `holder`) and enrol them; answers the enrolment."""
    key = holder or cast.who(f"recruit{side.capitalize()}s")
    handler = cast.handlers[key]
    held = handler.made(f"/partners/{cast.partners[key]}/participants", person(cast.world, **over))
    return enrol_held(cast, cohort, side, held, needs_owner=needs_owner, holder=key)


def enrol_held(
    cast: Cast, cohort: str, side: str, held: dict[str, Any], *, needs_owner: bool = False, holder: str | None = None
) -> dict[str, Any]:
    """Enrol somebody whom the recruiting partner (or another `holder`) holds already."""
    handler = cast.handlers[holder or cast.who(f"recruit{side.capitalize()}s")]
    wish = {"participantId": held["id"], "side": side, "needsBusinessOwner": needs_owner}
    return handler.made(f"/cohorts/{cohort}/enrolments", wish)


def make_ready(cast: Cast, program: str, enrolment: dict[str, Any]) -> None:
    """Screen, inform and train one person, each by the partner that answers for it, and note what they expect."""
    side = enrolment["side"]
    where = f"/enrolments/{enrolment['id']}"
    screener = cast.handlers[cast.who(f"screen{side.capitalize()}s")]
    holder = next(cast.handlers[key] for key, one in cast.partners.items() if str(one) == enrolment["partnerId"])
    screening = {"interviewedOn": str(cast.today), "referenceCount": 2, "decision": "ready"}
    screened = screener.post(f"{where}/screening", screening)
    assert screened.status_code in {200, 201}, screened.text
    packs = holder.get(f"/programs/{program}/information-packs").json()["items"]
    pack = next(one for one in packs if one["side"] == side)
    holder.made(f"{where}/acknowledgements", {"packId": pack["id"]})
    assert holder.put(f"{where}/expectations", {"answers": expected(holder)}).status_code == 201
    training = {"title": "Att mötas", "topics": ["roles"], "minutes": 360, "completedOn": str(cast.today)}
    cast.handlers[cast.who(f"train{side.capitalize()}s")].made(f"{where}/training-records", training)


def expected(client: Client) -> dict[str, Any]:
    """A plausible answer to every expectation question."""
    asked = client.get("/expectation-questions").json()["questions"]
    return {question["code"]: reply(question) for question in asked}


def reply(question: dict[str, Any]) -> Any:
    """A plausible answer of the question's type."""
    plain = {"boolean": True, "scale5": 4, "integer": question["minimum"]}
    return plain[question["type"]] if question["type"] in plain else question["options"][0]["code"]


def run_matching(cast: Cast, program: str, cohort: str, **over: Any) -> dict[str, Any]:
    """Start a run and wait until the worker has finished it; answers the run."""
    lead = cast.coordinators[cast.who("proposeMatches")]
    run = lead.made(f"/programs/{program}/match-runs", {"cohortId": cohort, **over}, status=202)
    for _ in range(300):
        found: dict[str, Any] = lead.get(f"/match-runs/{run['id']}").json()
        if found["status"] not in {"queued", "running"}:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the run did not finish: {run}")


def approved_matches(cast: Cast, cohort: str, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Approve the run; answers its proposals by the mentee's enrolment."""
    lead = cast.coordinators[cast.who("approveMatches")]
    approved = lead.post(f"/match-runs/{run['id']}/approval", {})
    assert approved.status_code == 200, approved.text
    found = lead.get(f"/matches?cohortId={cohort}&limit=200").json()["items"]
    return {one["menteeEnrolmentId"]: one for one in found}


def accept_both(cast: Cast, match: dict[str, Any]) -> None:
    """Both holders accept for their person, and both have seen how the expectations differ."""
    for act in ("acceptances", "expectation-reviews"):
        for side in ("mentor", "mentee"):
            holder = next(key for key, one in cast.partners.items() if str(one) == match[f"{side}PartnerId"])
            answered = cast.handlers[holder].post(f"/matches/{match['id']}/{act}", {"side": side})
            assert answered.status_code == 200, answered.text


def send_referral(cast: Cast, sender: str, receiver: str, held: dict[str, Any], cohort: str) -> Any:
    """Refer a person whom the sender holds, as a mentee, to be answered within 30 days; answers the response."""
    body = {
        "participantId": held["id"],
        "toPartnerId": str(cast.partners[receiver]),
        "cohortId": cohort,
        "side": "mentee",
        "answerBy": str(cast.today + timedelta(days=30)),
    }
    return cast.handlers[sender].post(f"/partners/{cast.partners[sender]}/referrals", body)


def refer(cast: Cast, sender: str, receiver: str, held: dict[str, Any], cohort: str) -> dict[str, Any]:
    """Ask for consent in the sender's own words, note it, and refer the person; answers the referral."""
    text = {"purpose": "referral", "language": "sv", "body": "Vi får lämna dina uppgifter till mottagaren."}
    made = cast.coordinators[sender].made(f"/partners/{cast.partners[sender]}/consent-texts", text)
    consent = {"purpose": "referral", "textId": made["id"], "recipientPartnerId": str(cast.partners[receiver])}
    cast.handlers[sender].made(f"/participants/{held['id']}/consents", consent)
    sent = send_referral(cast, sender, receiver, held, cohort)
    assert sent.status_code == 201, sent.text
    found: dict[str, Any] = sent.json()
    return found
