"""Does a matching run survive kill -9 of the server: finished after the restart, and nothing twice?"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import create_engine, func
from sqlmodel import Session, select

from app.domain.changes import ChangeKind
from app.domain.glossary import Category, Gender, ProgramKind, Sector, Side
from app.domain.lifecycles import AgreementStatus, CohortStatus, EnrolmentStatus
from app.domain.matching.policy import Policy, default_policy_document, digest
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import LoginSession, ResponsibilityAssignment, UserAccount
from app.features.agreements.tables import Agreement
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.matching.tables import MatchingPolicy, MatchRun, MatchRunPair, MatchRunUnmatched
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort, Program
from app.kit import embedded
from app.kit.clock import now, today
from app.kit.keyfile import load_or_create
from app.kit.tokens import TokenIssuer
from app.main import AUDIENCE, BASE_PATH
from app.settings import Settings
from tests.commands.servers import command, free_port, running

MENTORS, MENTEES = 900, 1500


@dataclass
class Installation:
    """A data folder with a large pool, and somebody who may start a run."""

    folder: Path
    port: int
    program: UUID
    cohort: UUID
    user: UserAccount
    session_id: UUID

    def token(self) -> str:
        issuer = TokenIssuer(
            load_or_create(self.folder / "signing-keys.json"),
            Settings.model_fields["public_url"].default + BASE_PATH,
            AUDIENCE,
        )
        return issuer.issue(
            sub=self.user.id, role=self.user.role.value, ver=1, now=now(), sid=self.session_id,
            partner=self.user.partner_id,
        )  # fmt: skip

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token()}"}
        address = f"http://127.0.0.1:{self.port}{BASE_PATH}{path}"
        return httpx.request(method, address, headers=headers, timeout=10, **kwargs)


@contextmanager
def database(folder: Path) -> Iterator[Session]:
    with embedded.start(folder / "postgresql") as server:
        engine = create_engine(server.url)
        with Session(engine, expire_on_commit=False) as session:
            session.info["is_unrecorded"] = True
            yield session
        engine.dispose()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder, port = tmp_path_factory.mktemp("kill"), free_port()
    migrating = command("migrate", folder, port)
    output = migrating.communicate(timeout=120)[0]
    assert migrating.returncode == 0, output
    with database(folder) as session:
        return fill(session, folder, port)


def fill(session: Session, folder: Path, port: int) -> Installation:
    """A program whose partner may run matchings, and a pool that takes the engine a while."""
    day = today(now())
    partner = Partner(name="Påhittade kommunen", sector=Sector.MUNICIPALITY)
    session.add(partner)
    session.flush()
    user = UserAccount(name="Påhittad", role=Role.COORDINATOR, partner_id=partner.id, email="a@example.org")
    program = Program(
        name="Påhittat",
        summary="Prov",
        kind=ProgramKind.MENTORING,
        category=Category.OTHER,
        owner_partner_id=partner.id,
    )
    session.add_all([user, program])
    session.flush()
    login = LoginSession(user_id=user.id, expires_at=now() + timedelta(days=1))
    document = Policy.parse(default_policy_document("sv-adult-labour"))
    policy = MatchingPolicy(program_id=program.id, number=1, document=document.document(), digest=digest(document))
    agreement = Agreement(
        program_id=program.id, number=1, title="Avtal", valid_from=day, status=AgreementStatus.IN_FORCE,
        drafted_by_partner_id=partner.id,
    )  # fmt: skip
    cohort = a_cohort(program.id, day)
    session.add_all([login, policy, agreement, cohort])
    session.flush()
    session.add(
        ResponsibilityAssignment(
            program_id=program.id, partner_id=partner.id, duty=Responsibility.PROPOSE_MATCHES,
            level=Level.ACCOUNTABLE, agreement_id=agreement.id, valid_from=day,
        )
    )  # fmt: skip
    crowd(session, cohort, partner.id, day)
    session.commit()
    return Installation(folder, port, program.id, cohort.id, user, login.id)


def a_cohort(program_id: UUID, day: date) -> Cohort:
    until = day + timedelta(days=30)
    return Cohort(
        program_id=program_id, name="Stor omgång", status=CohortStatus.OPEN, starts_on=day, ends_on=until,
        mentor_intake_from=day, mentor_intake_until=until, mentee_intake_from=day, mentee_intake_until=until,
    )  # fmt: skip


def crowd(session: Session, cohort: Cohort, partner_id: UUID, day: date) -> None:
    random = Random(2014)  # noqa: S311  a reproducible crowd, no secret
    people = [
        Participant(
            partner_id=partner_id, given_name="Påhittad", family_name=f"Person {number}", born_on=date(1980, 5, 17),
            gender=random.choice(list(Gender)), municipality_code="0182",
            languages=[{"code": "sv", "level": random.choice(["B1", "B2", "C1"])}],
            occupation_code=random.choice(["2512", "2221", "2341", "5120", "3313"]),
            availability=sorted(random.sample(range(168), 40)), goals=["findWork"],
        )
        for number in range(MENTORS + MENTEES)
    ]  # fmt: skip
    session.add_all(people)
    session.flush()
    session.add_all(
        Enrolment(
            program_id=cohort.program_id, cohort_id=cohort.id, participant_id=one.id, partner_id=partner_id,
            side=Side.MENTOR if number < MENTORS else Side.MENTEE, status=EnrolmentStatus.READY,
            applied_on=day - timedelta(days=random.randrange(300)), ready_at=now(),
        )
        for number, one in enumerate(people)
    )  # fmt: skip


def wait_for(installation: Installation, run: str, wanted: set[str], seconds: float = 120) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found: dict[str, Any] = installation.call("GET", f"/match-runs/{run}").json()
        if found["status"] in wanted:
            return found
        time.sleep(0.05)
    raise AssertionError(f"the run never became {wanted}: {found}")


def test_a_killed_run_is_finished_once_after_the_restart(installation: Installation) -> None:
    with running("serve", installation.folder, installation.port) as server:
        body = {"cohortId": str(installation.cohort), "seed": 7}
        started = installation.call("POST", f"/programs/{installation.program}/match-runs", json=body)
        assert started.status_code == 202, started.text
        run = started.json()["id"]
        caught = wait_for(installation, run, {"running", "completed"})
        server.send_signal(signal.SIGKILL)
        server.wait(30)
    assert caught["status"] == "running", "killed too late: the run was already done"

    with running("serve", installation.folder, installation.port):
        finished = wait_for(installation, run, {"completed", "failed"})
        assert (finished["status"], finished["isOptimal"]) == ("completed", True)
        with database(installation.folder) as session:
            assert_stored_once(session, UUID(run), finished)


def assert_stored_once(session: Session, run: UUID, finished: dict[str, Any]) -> None:
    pairs = session.exec(select(func.count()).where(MatchRunPair.run_id == run)).one()
    unmatched = session.exec(select(func.count()).where(MatchRunUnmatched.run_id == run)).one()
    completed = session.exec(
        select(func.count()).where(Change.subject_id == run, Change.kind == ChangeKind.MATCH_RUN_COMPLETED)
    ).one()
    assert (pairs, pairs + unmatched, completed) == (finished["people"], MENTEES, 1)
    assert session.get_one(MatchRun, run).finished_at is not None
