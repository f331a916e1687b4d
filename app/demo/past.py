"""What became of the first cohort? Two dozen pairs from proposal to closure, ended within the last whole tertial."""

from datetime import datetime, timedelta
from typing import Any

from app.demo import acts, world
from app.demo.client import Stage
from app.domain.reports import Tertial
from app.features.matching.jobs import run_matching
from app.kit.clock import today

BEFORE_END = timedelta(days=170)
"""From the agreement to the end of the tertial in which the pairs end."""
DAYS_TO_READY = 14
WEEKS = 18


def began_at(at: datetime) -> datetime:
    """When the story begins, so that its first cohort ends within the last whole tertial before `at`."""
    last_on = Tertial.last_ended(today(at)).period()[1]
    return at - timedelta(days=(today(at) - last_on).days) - BEFORE_END


def tell(stage: Stage, partners: dict[str, str], program: str) -> None:
    """Enrol, match, meet, follow up, close, and record what became of each."""
    cohort = acts.open_cohort(stage, program, "Första omgången", today(stage.clock()), weeks=WEEKS)
    people = world.data()
    mentors = [acts.enrol(stage, partners["foretagarna"], cohort, one, "mentor") for one in people["pastMentors"]]
    mentees = [acts.enrol(stage, partners["nacka"], cohort, one, "mentee") for one in people["pastMentees"]]
    stage.clock.advance(timedelta(days=DAYS_TO_READY))
    packs = acts.packs_by_side(stage, program)
    for enrolment in [*mentors, *mentees]:
        acts.make_ready(stage, enrolment, packs)
    matches = match(stage, program, cohort)
    for one in matches:
        begin(stage, one)
    for fortnight in range(1, WEEKS // 2):
        stage.clock.advance(timedelta(weeks=2))
        if fortnight % 2:
            meet(stage, matches)
        follow_up(stage, program)
    end(stage, matches, mentees)


def match(stage: Stage, program: str, cohort: str) -> list[dict[str, Any]]:
    """Run, approve, and let both sides say yes."""
    nacka = stage["samordnare@nacka.example"]
    run = nacka.post(f"/programs/{program}/match-runs", {"cohortId": cohort, "seed": 2014})
    run_matching(stage.runtime, run["id"])
    nacka.post(f"/match-runs/{run['id']}/approval", {})
    proposed: list[dict[str, Any]] = nacka.get(f"/matches?cohortId={cohort}&limit=100")["items"]
    return proposed


def begin(stage: Stage, one: dict[str, Any]) -> None:
    """Both accept, see how their expectations differ (their handlers write it down), are found prepared, and start."""
    for act in ("acceptances", "expectation-reviews"):
        for side in ("mentor", "mentee"):
            stage[acts.HANDLERS[side]].post(f"/matches/{one['id']}/{act}", {"side": side})
    signer = stage["samordnare@brobyggarna.example"]
    signer.post(f"/matches/{one['id']}/preparation")
    signer.post(f"/matches/{one['id']}/activation", {"startsOn": str(today(stage.clock()))})


def meet(stage: Stage, matches: list[dict[str, Any]]) -> None:
    """Everybody meets for an hour and a half."""
    meeting = {"heldOn": str(today(stage.clock())), "minutes": 90, "mode": "inPerson", "topics": ["goals", "network"]}
    for one in matches:
        stage["samordnare@brobyggarna.example"].post(f"/matches/{one['id']}/meetings", meeting)


def follow_up(stage: Stage, program: str) -> None:
    """Answer every follow-up that is due, from its own questionnaire."""
    follower = stage["samordnare@brobyggarna.example"]
    by_kind: dict[str, dict[str, Any]] = {}
    for one in follower.get(f"/follow-ups?programId={program}&status=due&limit=200")["items"]:
        if one["kind"] not in by_kind:
            questions = follower.get(f"/follow-ups/{one['id']}/questionnaire")["questions"]
            by_kind[one["kind"]] = {asked["code"]: reply(asked) for asked in questions if asked["isRequired"]}
        done = {"doneOn": str(today(stage.clock())), "answers": by_kind[one["kind"]]}
        follower.post(f"/follow-ups/{one['id']}/submission", done)


def reply(question: dict[str, Any]) -> Any:
    """A plausible answer of the question's type."""
    match question["type"]:
        case "boolean":
            return True
        case "scale5":
            return 4
        case "integer":
            return question["minimum"]
    return question["options"][0]["code"]


def end(stage: Stage, matches: list[dict[str, Any]], mentees: list[dict[str, Any]]) -> None:
    """Close the pairs, exit the mentees and record their outcomes."""
    day = str(today(stage.clock()))
    for one in matches:
        closure = {"closedOn": day, "cause": "naturalEnd"}
        stage["samordnare@brobyggarna.example"].post(f"/matches/{one['id']}/closure", closure)
    handler = stage["handlaggare@nacka.example"]
    for enrolment, outcome in zip(mentees, world.data()["pastOutcomes"], strict=True):
        where = f"/enrolments/{enrolment['id']}"
        seeking = {"observedOn": enrolment["appliedOn"], "incomeSource": "socialAssistance", "occupation": "jobSeeking"}
        handler.put(f"{where}/outcomes/entry", seeking)
        handler.post(f"{where}/exit", {"exitedOn": day, "reason": "plannedEnd"})
        fact = {name: value for name, value in outcome.items() if name != "days"} | {"observedOn": day}
        if "days" in outcome:
            fact["beganOn"] = str(today(stage.clock()) - timedelta(days=outcome["days"]))
        handler.put(f"{where}/outcomes/exit", fact)
