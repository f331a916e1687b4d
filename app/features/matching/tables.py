"""By which policy, from which pool, with which result? Runs are stored so that anyone can repeat them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.glossary import RuledOut
from app.domain.lifecycles import RunStatus
from app.domain.matching.explanation import explain_pair, explain_unmatched
from app.domain.matching.proposal import (
    Alternative,
    Blocking,
    LossReason,
    Pair,
    PriorityLacking,
    SmallestChange,
    Unmatched,
    UnmatchedKind,
)
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_matching_policy_program_id_number": "matching_policy.changed_meanwhile",
    "uq_pair_block_in_force": "pair_block.in_force_already",
}


class RejectionReason(StrEnum):
    """Why a finished run was not approved."""

    PAIRS_UNSUITABLE = "pairsUnsuitable"
    POOL_CHANGED = "poolChanged"
    POLICY_CHANGED = "policyChanged"
    OTHER = "other"


class BlockReason(StrEnum):
    """Why staff have ruled two people out of each other; refusals of their own are known from their matches."""

    OWN_CASE_WORKER = RuledOut.OWN_CASE_WORKER.value  # egen handläggare
    SAME_HOUSEHOLD = RuledOut.SAME_HOUSEHOLD.value  # samma hushåll
    BY_STAFF = RuledOut.BY_STAFF.value  # bortvalt av handläggare, utan angiven orsak


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
    reach: ClassVar[Reach] = Reach(Permission.MATCH_RUN_READ, clearance="clearance_needed")

    cohort_id: UUID = Field(foreign_key="cohort.id", index=True)
    policy_id: UUID = Field(foreign_key="matching_policy.id")
    policy_number: int = Field(description="Repeats the policy's; policies never change.")
    seed: int = Field(sa_column=Column(BigInteger, nullable=False))
    status: RunStatus = Field(default=RunStatus.QUEUED, sa_type=choice(RunStatus))
    progress_done: int = 0
    progress_total: int = 0
    problem_code: str | None = Field(default=None, max_length=80)
    requested_by_user_id: UUID = Field(foreign_key="user_account.id")
    trace_id: str = Field(max_length=32, description="The request's, so that the job is found in the logs.")
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)
    counted_on: date | None = Field(default=None, description="The day to which waiting was counted.")
    engine_version: str | None = Field(default=None, max_length=20)
    pool_digest: str | None = Field(default=None, max_length=64)
    policy_digest: str | None = Field(default=None, max_length=64)
    mentor_count: int | None = None
    mentee_count: int | None = None
    unused_mentor_count: int | None = Field(default=None, description="Mentors with a free place and no pair.")
    people: int | None = None
    priority: int | None = Field(default=None, sa_column=Column(BigInteger))
    score: int | None = Field(default=None, sa_column=Column(BigInteger))
    is_optimal: bool | None = None
    gap: int | None = Field(default=None, sa_column=Column(BigInteger), description="Bound less weight; 0: optimal.")
    score_floor: int | None = Field(default=None, description="The lowest score that was allowed.")
    contradiction: list[str] | None = Field(
        default=None, sa_column=Column(JSON), description="Constraints that together exclude everyone, if they do."
    )
    includes_proposals: bool = Field(default=False, description="Proposals that nobody had accepted were free to move.")
    pin_count: int = 0
    clearance_needed: list[UUID] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}"),
        description="The partners whose people with protected identity are in the pool.",
    )
    comparison: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    approved_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    approved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    rejection_reason: RejectionReason | None = Field(default=None, sa_type=choice(RejectionReason))

    @property
    def progress(self) -> dict[str, int]:
        """Stages of the engine that are done, out of all."""
        return {"done": self.progress_done, "total": self.progress_total}


class MatchRunPin(InProgram, table=True):
    """A pair that people have decided on before a run, so that it is in the result. Owned by the program."""

    __tablename__ = "match_run_pin"
    __table_args__ = (
        Index("uq_match_run_pin_run_id_mentee_enrolment_id", "run_id", "mentee_enrolment_id", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.MATCH_RUN_READ)

    run_id: UUID = Field(foreign_key="match_run.id")
    mentor_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    mentee_enrolment_id: UUID = Field(foreign_key="enrolment.id")


class MatchRunCertificate(InProgram, table=True):
    """The proof of a run, apart from the run because it grows with the pool. Owned by the program.

    `mentees` and `mentors` hold one entry per person in the pool: enrolment id, price, and what the price rests on
    (days of waiting; free places).
    """

    __tablename__ = "match_run_certificate"
    __table_args__ = (Index("uq_match_run_certificate_run_id", "run_id", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.MATCH_RUN_READ)

    run_id: UUID = Field(foreign_key="match_run.id")
    base: int = Field(sa_column=Column(BigInteger, nullable=False))
    weight: int = Field(sa_column=Column(BigInteger, nullable=False))
    bound: int = Field(sa_column=Column(BigInteger, nullable=False))
    mentees: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    mentors: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))


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
    feasible_mentors: int
    alternative: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    is_pinned: bool = Field(default=False, description="Decided on before the run.")
    is_kept: bool = Field(default=False, description="Proposed before the run, and still.")
    match_id: UUID | None = Field(default=None, foreign_key="match.id", description="None: excluded, or not approved.")

    @property
    def explanation(self) -> dict[str, tuple[str, ...]]:
        """The stored reasons in words, by language."""
        other = self.alternative
        pair = Pair(
            mentor=self.mentor_enrolment_id,
            mentee=self.mentee_enrolment_id,
            score=self.score,
            contributions=self.contributions,
            rank=self.rank,
            feasible_mentors=self.feasible_mentors,
            alternative=None
            if other is None
            else Alternative(UUID(other["mentor_enrolment_id"]), other["score"], LossReason(other["reason"])),
        )
        return {"sv": explain_pair(pair, "sv"), "en": explain_pair(pair, "en")}


class MatchRunUnmatched(InProgram, table=True):
    """A mentee a run left without a mentor, with the reason. Owned by the program."""

    __tablename__ = "match_run_unmatched"
    __table_args__ = (
        Index("uq_match_run_unmatched_run_id_mentee_enrolment_id", "run_id", "mentee_enrolment_id", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.MATCH_RUN_READ)

    run_id: UUID = Field(foreign_key="match_run.id")
    mentee_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    kind: UnmatchedKind = Field(sa_type=choice(UnmatchedKind))
    feasible_mentors: int
    blocking: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    smallest_change: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    priority_lacking: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))

    @property
    def explanation(self) -> dict[str, tuple[str, ...]]:
        """The stored reasons in words, by language."""
        change, lacking = self.smallest_change, self.priority_lacking
        unmatched = Unmatched(
            mentee=self.mentee_enrolment_id,
            kind=self.kind,
            feasible_mentors=self.feasible_mentors,
            blocking=tuple(Blocking(**one) for one in self.blocking),
            smallest_change=None if change is None else SmallestChange(tuple(change["constraints"]), change["opens"]),
            priority_lacking=None if lacking is None else PriorityLacking(**lacking),
        )
        return {"sv": explain_unmatched(unmatched, "sv"), "en": explain_unmatched(unmatched, "en")}


class PairBlock(InProgram, table=True):
    """Two people whom staff have ruled out of each other in a program, until it is revoked. Owned by the program.

    It holds in every cohort and whoever of the two is the mentor; the enrolments are those it was said of. Neither the two
    nor those who only hold them read it.
    """

    __tablename__ = "pair_block"
    __table_args__ = (
        Index(
            "uq_pair_block_in_force",
            "program_id",
            "mentor_participant_id",
            "mentee_participant_id",
            unique=True,
            postgresql_where=text("revoked_at is null"),
        ),
        CheckConstraint("mentor_participant_id <> mentee_participant_id", name="two_people"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.MATCH_RUN_READ, persons=("mentor_participant_id", "mentee_participant_id")
    )

    mentor_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    mentee_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    mentor_participant_id: UUID = Field(foreign_key="participant.id")
    mentee_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    reason: BlockReason = Field(sa_type=choice(BlockReason))
    decided_by_user_id: UUID = Field(foreign_key="user_account.id")
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
