"""How are permissions explained over the wire?"""

from uuid import UUID

from pydantic import Field

from app.domain.roles import Level, Permission, Responsibility, Role
from app.kit.wire import Schema


class PermissionsQuery(Schema):
    program_id: UUID | None = Field(None, description="The program to explain. / Programmet som ska förklaras.")


class RestsOn(Schema):
    """A duty and the agreement that gives it."""

    duty: Responsibility
    level: Level
    agreement_id: UUID


class PermissionRead(Schema):
    """One permission and why: by duty (with the agreement), or by role and relation alone."""

    permission: Permission
    rests_on: list[RestsOn] = Field(max_length=100)


class PermissionsRead(Schema):
    """permission ← duty ← agreement, for one program and today; without a program, what the role alone allows."""

    program_id: UUID | None
    partner_id: UUID | None
    role: Role
    permissions: list[PermissionRead] = Field(max_length=200)


class MeRead(Schema):
    """Who the token speaks for."""

    id: UUID
    name: str = Field(max_length=120)
    role: Role
    partner_id: UUID | None
    participant_ids: list[UUID] = Field(max_length=20)
