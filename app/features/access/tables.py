"""What does access know? Users, sessions, assignments of duties, and who touched personal data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.domain.glossary import Concealing
from app.domain.purposes import Purpose
from app.domain.roles import Level, Permission, Responsibility, Role
from app.kit.clock import now
from app.kit.columns import INSTANT, JSON, XACT_ID, Row, choice
from app.kit.ids import new_id


@dataclass(frozen=True)
class Reach:
    """Which columns of a table tell who may see a row; both the SQL and the Python decision read this.

    `read` is the permission that makes a row visible. `program` names the column of the program (None: it belongs to
    no program), `side` the column that says mentor or mentee, `holders` the columns of partners that hold the row,
    `persons` the columns of the participants it is about, `authors` those of the user accounts that wrote it. `by_publication`: also visible when its program is
    published. `by_enrolment`: the column of a participant, for rows that are reached through the programs where the
    person is enrolled. `concealed`: the columns of participants whose concealment hides the row (default: `persons`);
    `account`: the column of a user account that may be such a person's; `clearance`: the column with the partners whose
    protected people the row tells of. `by_course`: the column of a course, for rows that are also visible when the course
    is shared or stands in the curriculum of a program that the actor may see. `regardless_of_consent`: the row rests on a
    duty and not on the consent to the program, so it stays in reach when somebody it is about has withdrawn that.
    `named`: columns with a partner, or a list of partners, that the row names. `by_plan`: the column of a plan, for rows
    that are also visible to whom the plan names, and to everybody with the permission when it is published.
    """

    read: Permission
    program: str | None = "program_id"
    side: str | None = None
    holders: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    by_publication: bool = False
    by_enrolment: str | None = None
    concealed: tuple[str, ...] | None = None
    account: str | None = None
    clearance: str | None = None
    by_course: str | None = None
    regardless_of_consent: bool = False
    named: tuple[str, ...] = ()
    by_plan: str | None = None


class Guarded(Row):
    """A row that is reached over HTTP; its table declares its reach."""

    reach: ClassVar[Reach]


def guarded_kinds(kind: type[Guarded] = Guarded) -> list[type[Guarded]]:
    """Every table that is reached over HTTP, as far as it is imported, by name."""
    found: list[type[Guarded]] = [kind] if hasattr(kind, "__table__") else []
    for heir in kind.__subclasses__():
        found += guarded_kinds(heir)
    return sorted(found, key=lambda one: str(one.__tablename__))


class InProgram(Guarded):
    """A row owned by a program: authorisation, feed, reports and export key on this one column."""

    program_id: UUID = Field(foreign_key="program.id", index=True)


class UserAccount(Guarded, table=True):
    """Someone who logs in, or a partner's own system (role `service`). Belongs to a partner, not to a program."""

    __tablename__ = "user_account"
    __table_args__ = (
        Index("uq_user_account_email", text("lower(email)"), unique=True),
        CheckConstraint("(role = 'service') = (email is null)", name="service_has_no_email"),
    )
    reach: ClassVar[Reach] = Reach(Permission.USER_READ, program=None, holders=("partner_id",), account="id")

    partner_id: UUID | None = Field(default=None, foreign_key="partner.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    name: str = Field(max_length=120)
    email: str | None = Field(default=None, max_length=254)
    password_hash: str | None = Field(default=None, max_length=200)
    scopes: list[str] | None = Field(default=None, sa_column=Column(JSON))
    auth_version: int = 1
    is_locked: bool = False
    allowed_networks: list[str] | None = Field(default=None, sa_column=Column(JSON))
    totp_secret: str | None = Field(default=None, max_length=200, description="Sealed; it counts since `totp_since`.")
    totp_since: datetime | None = Field(default=None, sa_type=INSTANT)
    totp_step: int | None = Field(default=None, sa_type=BigInteger, description="The last step whose code was used.")


class LoginSession(Row, table=True):
    """One login on one device; revoking it ends its access and refresh tokens at once."""

    __tablename__ = "login_session"
    is_recorded: ClassVar[bool] = False  # sessions have their own list; they are not history of the domain

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    expires_at: datetime = Field(sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    methods: list[str] = Field(default_factory=lambda: ["pwd"], sa_column=Column(JSON, nullable=False))


class ResponsibilityAssignment(InProgram, table=True):
    """A partner holds a duty in a program from a day until a day (both included), by an agreement.

    At most one accountable partner per program, duty and day: an exclusion constraint, see the first migration.
    """

    __tablename__ = "responsibility_assignment"
    __table_args__ = (
        CheckConstraint("valid_until is null or valid_until >= valid_from", name="period"),
        Index("ix_responsibility_assignment_partner", "partner_id", postgresql_where=text("ended_at is null")),
    )
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, by_publication=True)

    partner_id: UUID = Field(foreign_key="partner.id")
    duty: Responsibility = Field(sa_type=choice(Responsibility))
    level: Level = Field(sa_type=choice(Level))
    agreement_id: UUID = Field(foreign_key="agreement.id", index=True)
    valid_from: date
    valid_until: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=INSTANT)


class Concealment(SQLModel, table=True):
    """Somebody whose rows are kept from some who would otherwise reach them. Ids only; read by every reach.

    Written with what causes it (a protected identity, a consent, an anonymous record) in one transaction; the history is
    in the log of changes. Outside row-level security, because its policies read it.
    """

    __tablename__ = "concealment"
    __table_args__ = (
        Index(
            "uq_concealment_participant_id_kind_program_id",
            "participant_id",
            "kind",
            "program_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    kind: Concealing = Field(sa_type=choice(Concealing))
    program_id: UUID | None = Field(default=None, foreign_key="program.id", description="Only of withdrawn consents.")
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id", description="The person's own login.")


class AccessRecord(SQLModel, table=True):
    """Who used which permission on what: every read of personal data, write and refusal. Append-only; ids only.

    Sealed in the order of (`xact_id`, `id`), see features/audit.
    """

    __tablename__ = "access_record"
    __table_args__ = (
        Index("ix_access_record_people", "people", postgresql_using="gin"),
        Index("ix_access_record_xact_id_id", "xact_id", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    xact_id: int | None = Field(default=None, sa_column=Column(BigInteger, server_default=XACT_ID, nullable=False))
    at: datetime = Field(default_factory=now, sa_type=INSTANT, index=True)
    user_id: UUID = Field(index=True)
    login_id: UUID | None = None
    """The login session; a service account has none."""
    partner_id: UUID | None = None
    role: str = Field(max_length=40)
    permission: str = Field(max_length=40)
    decision: str = Field(max_length=20)
    subject: str | None = Field(default=None, max_length=60)
    subject_id: UUID | None = Field(default=None, index=True)
    people: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    """The participants whose data was shown: what "who has seen me" asks for."""
    purpose: Purpose | None = Field(default=None, sa_type=choice(Purpose))
    reference: str | None = Field(default=None, max_length=60)
    """The case number that was stated with the purpose."""
    trace_id: str = Field(max_length=32)
