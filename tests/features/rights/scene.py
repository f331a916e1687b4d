"""Who is erased, restricted or told everything? A person of a flock whose every personal value sings, and who decides."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Enum, LargeBinary, String, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, Session, SQLModel

from app.domain.classification import personal_columns
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.roles import Role
from app.features.participants.tables import Participant
from app.features.rights.jobs import erase_person, export_data
from app.features.rights.queries.walk import about, paths
from app.kit.idempotency import IdempotencyRecord
from tests.flock import Flock
from tests.world import Client, World

LISTS = frozenset({"skills", "goals", "interests", "accepts_age_groups", "topics", "escalations"})
TYPED = frozenset({("participant", "availability"), ("participant", "languages")})
"""Numbers and languages: no word stands there."""


@dataclass
class Singer:
    """One person, in whose every personal text stands `canary`."""

    world: World
    flock: Flock
    person: Participant
    canary: str

    def __post_init__(self) -> None:
        with Session(self.world.engine) as session:
            for name in paths():
                table = SQLModel.metadata.tables[name]
                values = {one.name: self._song(one) for one in table.c if self.sings(table.name, one)}
                if values:
                    session.execute(
                        update(table).where(about(name, self.person.id, self.person.user_id)).values(values)
                    )
            session.commit()

    @staticmethod
    def sings(table: str, column: Column[Any]) -> bool:
        """Can the canary stand in this column?"""
        is_text = isinstance(column.type, String | AutoString) and not isinstance(column.type, Enum)
        if (table, column.name) in TYPED:
            return False
        return column.name in personal_columns(table) and (is_text or isinstance(column.type, JSONB))

    def _song(self, column: Column[Any]) -> Any:
        if isinstance(column.type, JSONB):
            return [self.canary] if column.name in LISTS else {"q": self.canary}
        length = getattr(column.type, "length", None) or 100
        if column.table.name == "user_account" and column.name == "email":
            return f"{self.canary}@example.org"
        return self.canary[-length:]

    def heard(self) -> dict[str, int]:
        """Every table of the database with a row that holds the canary, in text or in bytes."""
        needle = self.canary[-4:]
        found = {}
        with self.world.engine.connect() as connection:
            for name, table in SQLModel.metadata.tables.items():
                ways = [f"t::text ilike '%{needle}%'"]
                ways += [
                    f"position(convert_to('{self.canary}', 'UTF8') in t.\"{one.name}\") > 0"
                    for one in table.c
                    if isinstance(one.type, LargeBinary)
                ]
                count = connection.scalar(text(f'select count(*) from "{name}" t where {" or ".join(ways)}'))  # noqa: S608  names of the code
                if count:
                    found[name] = count
        return found

    def rows(self, name: str) -> int:
        """How many rows of a table are about the person."""
        table = SQLModel.metadata.tables[name]
        with self.world.engine.connect() as connection:
            wanted = select(func.count()).select_from(table).where(about(name, self.person.id, self.person.user_id))
            return connection.scalar(wanted) or 0

    def end_case(self) -> None:
        """End what the person takes part in."""
        with Session(self.world.engine) as session:
            enrolment, match = SQLModel.metadata.tables["enrolment"], SQLModel.metadata.tables["match"]
            exited = update(enrolment).where(about("enrolment", self.person.id, None))
            session.execute(exited.values(status=EnrolmentStatus.EXITED))
            closed = update(match).where(about("match", self.person.id, None))
            session.execute(closed.values(status=MatchStatus.CLOSED, mentor_place=None))
            session.commit()

    def keep_answer(self) -> None:
        """Answers kept for retries: one of the person's own, and one of somebody else's that names the person."""
        now, account = self.world.clock(), self.person.user_id
        assert account is not None
        body = f'{{"id": "{self.person.id}", "name": "{self.canary}"}}'.encode()
        own = f'{{"name": "{self.canary}"}}'.encode()
        kept: dict[str, Any] = {"fingerprint": "x", "status": 201, "headers": {}, "created_at": now}
        self.world.add(
            IdempotencyRecord(principal_id=self.flock.partner, key=f"k{self.world.number()}", body=body, **kept),
            IdempotencyRecord(principal_id=account, key=f"k{self.world.number()}", body=own, **kept),
        )


@dataclass
class Office:
    """The holder's people who deal with requests."""

    flock: Flock
    world: World
    handler: Client = field(init=False)
    coordinator: Client = field(init=False)
    administrator: Client = field(init=False)
    officer: Client = field(init=False)

    def __post_init__(self) -> None:
        at = self.flock.partner
        self.handler = self.world.client(Role.CASE_HANDLER, at)
        self.coordinator = self.world.client(Role.COORDINATOR, at)
        self.administrator = self.world.client(Role.PARTNER_ADMINISTRATOR, at)
        self.officer = self.world.client(Role.PRIVACY_OFFICER, at)

    def asked(self, person: UUID | str, kind: str) -> str:
        """The path of a request that is written down and assessed."""
        made = self.handler.made(f"/participants/{person}/data-requests", {"kind": kind})
        path = f"/data-requests/{made['id']}"
        self.handler.made(f"{path}/assessment", status=200)
        return path

    def granted(self, person: UUID | str, kind: str, **decision: Any) -> str:
        path = self.asked(person, kind)
        self.coordinator.made(f"{path}/decision", {"isGranted": True, **decision}, 200)
        return path

    def exported(self, person: UUID) -> dict[str, Any]:
        """The export of a person, made by the job."""
        path = self.granted(person, "access")
        export_data(self.world.runtime, path.rpartition("/")[2])
        answer = self.handler.get(f"{path}/export")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def restricted(self, person: UUID) -> None:
        self.granted(person, "restriction")

    def erased(self, person: UUID, **decision: Any) -> str:
        """The path of an erasure that two people decided on and the job has carried out."""
        path = self.granted(person, "erasure", **{"legalGround": "consentWithdrawn", **decision})
        self.administrator.made(f"{path}/approval", status=200)
        erase_person(self.world.runtime, path.rpartition("/")[2])
        assert self.handler.get(path).json()["status"] == "executed"
        return path


def singer(world: World, flock: Flock, place: int = 1) -> Singer:
    """The person at this place of the flock (0 mentor, 1 mentee, 2 somebody else); canaries differ in their last four digits."""
    person = flock.rows["participant"][place]
    return Singer(world, flock, person, f"kanarie-{flock.letter.lower()}{place}xq")
