"""How is the feed of changes spoken of over the wire?"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.domain.changes import ChangeKind, ReachKind
from app.kit.wire import Instant, Schema


class ChangesQuery(Schema):
    """Where to read on, how much, and of what. A cursor serves the filters that it was given for."""

    cursor: str | None = Field(
        None, max_length=400, description="nextCursor of the last page; none: from the start. / Var du var."
    )
    limit: int = Field(100, ge=1, le=1000, description="Changes per page. / Antal per sida.")
    subject: str | None = Field(
        None,
        max_length=60,
        pattern="^[a-z_]+$",
        description="Only of this kind of thing. / Bara av detta slag.",
        examples=["enrolment"],
    )
    program_id: UUID | None = Field(None, description="Only of this programme. / Bara i detta program.")


class ChangeRead(Schema):
    """One change: what happened to which thing, when; names of fields, never their values.

    Of what you were told of and may no longer know, `reach.lost`: kind of thing and id, and nothing else.
    """

    id: str = Field(max_length=30, examples=["1017"])
    kind: ChangeKind | ReachKind
    at: Instant
    subject: str = Field(max_length=60, description="What kind of thing changed.", examples=["enrolment"])
    subject_id: UUID
    program_id: UUID | None
    partner_id: UUID | None
    fields: list[Annotated[str, Field(max_length=60)]] = Field(
        max_length=100, description="The fields that changed, as their JSON names."
    )


class ChangePage(Schema):
    """One page of the feed; may be empty while `hasMore` is true, when nothing on the way was within reach."""

    names_nobody: ClassVar[bool] = True

    items: list[ChangeRead] = Field(max_length=1000)
    next_cursor: str = Field(max_length=400, description="Send it to read on; also when there is nothing more yet.")
    has_more: bool
