"""May this transaction work with data that is only stored (begränsad behandling)? Asked once for every write, by its guard.

Whom a write is about is said by the operation's row and by every row that it makes, through their reach.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlmodel import Session

from app.domain.grants import WHILE_RESTRICTED
from app.features.access.queries import restricted_among
from app.features.access.scope import Scope
from app.features.access.tables import Guarded
from app.kit.problems import Problem

WRITTEN = "written_about"


@event.listens_for(Session, "before_flush")
def _note(session: Session, _context: object, _instances: object) -> None:
    """Remember whom the new rows of this transaction are about."""
    made = [row for row in session.new if isinstance(row, Guarded)]
    if made:
        session.info.setdefault(WRITTEN, set()).update(_people(made))


@contextmanager
def refusing_restricted(scope: Scope[Any], *, is_writing: bool) -> Iterator[None]:
    """Around a write: refuse to work with data of somebody else that is only stored; people may act for themselves.

    Raises: Problem 409 `participant.processing_restricted`, for the operation's row before, for new rows afterwards.
    """
    is_asked = is_writing and scope.permission not in WHILE_RESTRICTED
    if is_asked and isinstance(scope.row, Guarded):
        _refuse(scope, _people([scope.row]))
    yield
    if is_asked:
        scope.session.flush()
        _refuse(scope, scope.session.info.pop(WRITTEN, set()))


def _refuse(scope: Scope[Any], people: set[UUID]) -> None:
    about = people - scope.actor.persons
    if about and restricted_among(scope.session, about):
        raise Problem("participant.processing_restricted")


def _people(rows: Iterable[Guarded]) -> set[UUID]:
    found: set[UUID] = set()
    for row in rows:
        names = {*row.reach.persons, *(row.reach.concealed or ())}
        found |= {one for name in names if (one := getattr(row, name, None)) is not None}
    return found
