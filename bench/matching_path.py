"""What does the whole path of a run cost beside the engine alone: read from PostgreSQL, compute, store with all reasons?

CPU seconds of this process and of the database server together, for the same pool in the same run.
"""

import os
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.domain.glossary import Side
from app.domain.matching.engine import propose
from app.domain.matching.model import Mentee, Mentor, Pool
from app.domain.matching.policy import Policy, default_policy_document
from app.features.access.queries import caller_by_id
from app.features.enrolments.tables import Enrolment
from app.features.matching import queries
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from app.kit.columns import add_many
from app.kit.ids import new_id
from bench.installation import installation
from bench.pools import make_pool
from tests.features.matching.scene import Scene
from tests.world import World

SIZES = {1_000: None, 10_000: 2.0}  # mentees -> goal: times the engine alone; a small run is mostly path
ROOT = Path(__file__).parents[1]
USER_TIME, SYSTEM_TIME = 11, 12  # fields of /proc/<pid>/stat after the name, see proc(5)
AGES = {"under18": 16, "from18To24": 21, "from25To39": 32, "from40To54": 47, "from55": 60}


def run() -> Iterable[dict[str, Any]]:
    with installation() as (url, folder), World.open(url) as world:
        for size, goal in SIZES.items():
            yield from _measure(world, folder, size, goal)


def _measure(world: World, folder: Path, size: int, most: float | None) -> Iterable[dict[str, Any]]:
    scene = Scene(world)
    scene.publish_policy()
    _store(scene, make_pool(size))
    began = _cpu(folder)
    path = scene.run(seed=1)
    whole = _cpu(folder) - began
    found = scene.read(path)
    if found["status"] != "completed":
        raise SystemExit(f"the run of {size} ended as {found['status']}: {found['problemCode']}")
    pool, policy = _read(scene), Policy.parse(default_policy_document("sv-adult-labour"))
    began = time.process_time()
    alone = propose(pool, policy, 1)
    engine = time.process_time() - began
    case = f"{len(pool.mentees)} x {len(pool.mentors)}"
    for figure, value, goal, holds in (
        ("engine alone, CPU s", round(engine, 2), None, None),
        ("whole path, CPU s", round(whole, 2), None, None),
        ("whole path / engine alone", round(whole / engine, 2), most and f"<= {most}", most and whole <= most * engine),
        ("people by the path - by the engine", found["people"] - alone.people, "0", found["people"] == alone.people),
    ):
        yield {"bench": "matching_path", "case": case, "figure": figure, "value": value, "goal": goal, "holds": holds}


def _read(scene: Scene) -> Pool:
    """The pool that the run has read."""
    with Session(scene.world.engine) as session:
        actor = caller_by_id(session, scene.starter.id, scene.today)
        if actor is None:
            raise SystemExit("nobody acts")
        return queries.pool(session, actor, session.get_one(Cohort, scene.cohort), scene.today)


def _cpu(folder: Path) -> float:
    """CPU seconds so far of this process and of every process of the database server in the folder."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                after_name = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                ticks += int(after_name[USER_TIME]) + int(after_name[SYSTEM_TIME])
        except OSError:
            continue  # ended, or somebody else's
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _store(scene: Scene, made: Pool) -> None:
    """The invented people as records and ready enrolments."""
    people: list[dict[str, Any]] = []
    enrolments: list[dict[str, Any]] = []
    for side, members in ((Side.MENTOR, made.mentors), (Side.MENTEE, made.mentees)):
        for one in members:
            person = _person(scene, one)
            people.append(person)
            enrolments.append(_enrolment(scene, side, one, person["id"]))
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        add_many(session, Participant, people)
        add_many(session, Enrolment, enrolments)
        session.commit()


def _person(scene: Scene, one: Mentor | Mentee) -> dict[str, Any]:
    return {
        "id": new_id(),
        "partner_id": scene.association,
        "person_id": new_id(),
        "is_anonymous": False,
        "given_name": "Påhittad",
        "family_name": "Personsson",
        "born_on": date(scene.today.year - AGES[one.age_group or "from25To39"], 1, 1),
        "gender": one.gender,
        "municipality_code": one.place,
        "languages": [{"code": code, "level": level} for code, level in one.languages.items()],
        "occupation_code": one.occupation,
        "skills": [],
        "interests": sorted(one.interests),
        "availability": sorted(one.availability),
        "goals": sorted(one.goals),
        "accepts_gender": one.accepts_gender,
        "accepts_age_groups": sorted(one.accepts_age_groups),
        "has_remote": one.has_remote,
        "is_business_owner": one.is_business_owner if isinstance(one, Mentor) else False,
        "mentor_capacity": max(1, one.capacity) if isinstance(one, Mentor) else 1,
    }


def _enrolment(scene: Scene, side: Side, one: Mentor | Mentee, person: Any) -> dict[str, Any]:
    waited = one.waiting_days if isinstance(one, Mentee) else 0
    return {
        "id": new_id(),
        "program_id": scene.program,
        "cohort_id": scene.cohort,
        "participant_id": person,
        "partner_id": scene.association,
        "side": side,
        "ground": "contract",
        "status": "ready",
        "needs_business_owner": one.needs_business_owner if isinstance(one, Mentee) else False,
        "applied_on": scene.today - timedelta(days=waited),
        "reference_count": 0,
    }
