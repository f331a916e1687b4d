"""Which workplaces take people in, how many, and who is placed where? Placements are personal by relation: ids only."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.domain.placements import PlacementEnd
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_host_workplace_cohort_id_partner_id_name": "workplace.name_taken",
    "uq_placement_place": "placement.no_place_left",
    "uq_placement_enrolment_open": "placement.already_placed",
}


class HostWorkplace(InProgram, table=True):
    """A host's workplace (värdarbetsplats) that takes in so many people in a cohort. Owned by the program."""

    __tablename__ = "host_workplace"
    __table_args__ = (
        CheckConstraint("places between 1 and 500", name="places"),
        Index("uq_host_workplace_cohort_id_partner_id_name", "cohort_id", "partner_id", "name", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.WORKPLACE_READ, by_publication=True)

    cohort_id: UUID = Field(foreign_key="cohort.id")
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    name: str = Field(max_length=120)
    municipality_code: str | None = Field(default=None, max_length=4)
    places: int


class Placement(InProgram, table=True):
    """A person at a host workplace (praktik, traineeplats), with a supervisor (handledare). Owned by the program.

    `place` is the numbered place (1 … places) that it holds until it ends; a unique index lets the database decide who
    gets the last one. `agreed_until` is the day that the program's profile set when it was agreed.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index("uq_placement_place", "workplace_id", "place", unique=True, postgresql_where=text("place is not null")),
        Index("uq_placement_enrolment_open", "enrolment_id", unique=True, postgresql_where=text("place is not null")),
        CheckConstraint("ends_on > starts_on", name="days"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.PLACEMENT_READ,
        holders=("partner_id", "host_partner_id"),
        persons=("participant_id", "supervisor_participant_id"),
    )

    cohort_id: UUID = Field(foreign_key="cohort.id", index=True)
    workplace_id: UUID = Field(foreign_key="host_workplace.id", index=True)
    host_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    enrolment_id: UUID = Field(foreign_key="enrolment.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    supervisor_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    supervisor_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    place: int | None = Field(description="None: it has ended, and holds no place.")
    starts_on: date
    ends_on: date
    agreed_until: date
    ended_on: date | None = None
    end: PlacementEnd | None = Field(default=None, sa_type=choice(PlacementEnd))
