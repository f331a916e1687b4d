"""Who sees what of the two people of a match? The table in `domain/visibility.py` decides."""

from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlmodel import Session, col, or_, select

from app.domain.glossary import Concealing, ConsentPurpose, Side
from app.domain.visibility import STAGE_OF, TABLE, Subject, fields_shown
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.consents.queries import consenting
from app.features.matches.queries.matches import side_of
from app.features.matches.schemas import ContactRead, PeopleRead, PersonInPair
from app.features.matches.tables import Match
from app.features.participants.schemas import windows_of
from app.features.participants.tables import Participant
from app.kit.problems import Problem


@looks_beyond_reach
def contact(scope: Scope[Match]) -> ContactRead:
    """How to reach the other person of the pair, as `domain/visibility.py` says. Raises: Problem 404 for all others."""
    side = side_of(scope.actor, scope.row)
    if side is None:
        raise Problem("resource.not_found")
    person, subject = subjects(scope)[Side.MENTEE if side is Side.MENTOR else Side.MENTOR]
    shown = fields_shown(scope.actor, subject)
    if "given_name" not in shown:
        raise Problem("resource.not_found")
    told = {name: getattr(person, name) if name in shown else None for name in ContactRead.model_fields}
    return ContactRead.model_validate(told)


def people(scope: Scope[Match]) -> PeopleRead:
    """Both people of the pair, each with the fields that the caller sees now."""
    found = subjects(scope).values()
    return PeopleRead(
        match_id=scope.row.id,
        stage=STAGE_OF[scope.row.status],
        people=[_shown(person, subject, fields_shown(scope.actor, subject)) for person, subject in found],
    )


def _shown(person: Participant, subject: Subject, fields: frozenset[str]) -> PersonInPair:
    told = person.model_dump(include=set(fields))
    if "availability" in told:
        told["availability"] = windows_of(person.availability)
    own = {"side": subject.side, "participant_id": person.id, "partner_id": person.partner_id}
    return PersonInPair.model_validate({**own, **told, "shown": [to_camel(one) for one in TABLE if one in fields]})


@looks_beyond_reach
def subjects(scope: Scope[Match]) -> dict[Side, tuple[Participant, Subject]]:
    """Both people with what decides who sees what of them, mentor first."""
    session, match = scope.session, scope.row
    ids = {Side.MENTOR: match.mentor_participant_id, Side.MENTEE: match.mentee_participant_id}
    shown = consenting(session, ids.values(), ConsentPurpose.SHOW_IN_PROPOSAL, match.program_id)
    concealed = _concealments(session, match)
    rows = {side: session.get_one(Participant, one) for side, one in ids.items()}
    found = {}
    for side, other in ((Side.MENTOR, Side.MENTEE), (Side.MENTEE, Side.MENTOR)):
        person = rows[side]
        found[side] = (
            person,
            Subject(
                side=side,
                program_id=match.program_id,
                participant_id=person.id,
                partner_id=person.partner_id,
                other_participant_id=rows[other].id,
                other_partner_id=rows[other].partner_id,
                stage=STAGE_OF[match.status],
                is_shown_in_proposals=person.id in shown,
                is_anonymous=person.is_anonymous,
                is_protected=(person.id, Concealing.PROTECTED_IDENTITY) in concealed,
                has_withdrawn=any(
                    (person.id, one) in concealed for one in (Concealing.WITHDRAWN_CONSENT, Concealing.RESTRICTED)
                ),
            ),
        )
    return found


def _concealments(session: Session, match: Match) -> frozenset[tuple[UUID, Concealing]]:
    """Why people of the pair are concealed, in all programs or in this one."""
    wanted = select(Concealment.participant_id, Concealment.kind).where(
        col(Concealment.participant_id).in_([match.mentor_participant_id, match.mentee_participant_id]),
        or_(col(Concealment.program_id).is_(None), col(Concealment.program_id) == match.program_id),
    )
    return frozenset((one, Concealing(kind)) for one, kind in session.execute(wanted))
