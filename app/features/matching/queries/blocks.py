"""Which people are ruled out of each other in a program, and by whom?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import Session, col, select

from app.domain.glossary import RuledOut, Side
from app.domain.matching.model import PersonPair
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import concealed_from, visible
from app.features.enrolments.tables import Enrolment
from app.features.matches.queries import blocked_pairs
from app.features.matching.tables import PairBlock
from app.features.programs.tables import Program


def pair_blocks(scope: Scope[Program], *, is_in_force: bool | None) -> Select[Any]:
    """What staff have decided in one program, as far as the caller may know of the people."""
    wanted: Select[Any] = select(PairBlock).where(
        col(PairBlock.program_id) == scope.row.id, visible(PairBlock, scope.actor)
    )
    if is_in_force is None:
        return wanted
    revoked = col(PairBlock.revoked_at)
    return wanted.where(revoked.is_(None) if is_in_force else revoked.is_not(None))


@looks_beyond_reach
def ruled_out(session: Session, program_id: UUID) -> dict[PersonPair, RuledOut]:
    """(mentor's participant, mentee's participant) → why the two are never proposed to each other in the program.

    What the two themselves have declined counts before what staff have decided: no policy sets it aside.
    """
    wanted = select(PairBlock).where(PairBlock.program_id == program_id, col(PairBlock.revoked_at).is_(None))
    found: dict[PersonPair, RuledOut] = {}
    for block in session.exec(wanted):
        one, other = block.mentor_participant_id, block.mentee_participant_id
        found |= dict.fromkeys(((one, other), (other, one)), RuledOut(block.reason.value))
    return found | dict.fromkeys(blocked_pairs(session, program_id), RuledOut.DECLINED)


@looks_beyond_reach
def known_enrolment(scope: Scope[Program], enrolment_id: UUID, side: Side) -> Enrolment | None:
    """The enrolment on that side of the program, when the person is not kept from the caller; whoever holds them."""
    wanted = select(Enrolment).where(
        Enrolment.id == enrolment_id,
        Enrolment.program_id == scope.row.id,
        Enrolment.side == side,
        col(Enrolment.participant_id).not_in(concealed_from(scope.actor, scope.row.id)),
    )
    return scope.session.exec(wanted).first()
