"""By which policy, from which pool, with which result? Runs are stored so that anyone can repeat them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field

from app.domain.access import Permission
from app.domain.lifecycles import RunStatus
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_matching_policy_program_id_number": "matching_policy.changed_meanwhile"}


class MatchingPolicy(InProgram, table=True):
    """A version of a program's matching policy; never changed, only followed by the next. Owned by the program."""

    __tablename__ = "matching_policy"
    __table_args__ = (Index("uq_matching_policy_program_id_number", "program_id", "number", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.MATCHING_POLICY_READ)

    number: int = Field(description="1, 2, 3 … within the program.")
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    digest: str = Field(max_length=64)
    note: str = Field(default="", max_length=400)


class MatchRun(InProgram, table=True):
    """One run of the engine over one cohort: what it read, what it found, what it proves. Owned by the program."""

    __tablename__ = "match_run"
    reach: ClassVar[Reach] = Reach(Permission.MATCH_RUN_READ)

    cohort_id: UUID = Field(foreign_key="cohort.id", index=True)
    policy_id: UUID = Field(foreign_key="matching_policy.id")
    seed: int
    status: RunStatus = Field(default=RunStatus.QUEUED, sa_type=choice(RunStatus))
    progress_done: int = 0
    progress_total: int = 0
    problem_code: str | None = Field(default=None, max_length=80)
    requested_by_user_id: UUID = Field(foreign_key="user_account.id")
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)
    engine_version: str | None = Field(default=None, max_length=20)
    pool_digest: str | None = Field(default=None, max_length=64)
    policy_digest: str | None = Field(default=None, max_length=64)
    mentor_count: int | None = None
    mentee_count: int | None = None
    people: int | None = None
    priority: int | None = Field(default=None, sa_column=Column(BigInteger))
    score: int | None = Field(default=None, sa_column=Column(BigInteger))
    is_optimal: bool | None = None
    comparison: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    certificate: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    approved_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    approved_at: datetime | None = Field(default=None, sa_type=INSTANT)


class MatchRunPair(InProgram, table=True):
    """A pair that a run suggests, with its reasons; a match only when the run is approved. Owned by the program."""

    __tablename__ = "match_run_pair"
    __table_args__ = (
        Index("uq_match_run_pair_run_id_mentee_enrolment_id", "run_id", "mentee_enrolment_id", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.MATCH_RUN_READ)

    run_id: UUID = Field(foreign_key="match_run.id")
    mentor_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    mentee_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    score: int
    contributions: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    rank: int = Field(description="1: no feasible mentor scores higher for this mentee.")
    alternative: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))


class MatchRunUnmatched(InProgram, table=True):
    """A mentee a run left without a mentor, with the reason. Owned by the program."""

    __tablename__ = "match_run_unmatched"
    __table_args__ = (
        Index("uq_match_run_unmatched_run_id_mentee_enrolment_id", "run_id", "mentee_enrolment_id", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.MATCH_RUN_READ)

    run_id: UUID = Field(foreign_key="match_run.id")
    mentee_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    kind: str = Field(max_length=40)
    blocking: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    smallest_change: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
