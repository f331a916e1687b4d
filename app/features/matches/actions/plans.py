"""What does the plan of a match's follow-ups need to know of it?"""

from app.features.access.scope import Scope
from app.features.follow_ups.actions import PlanFacts
from app.features.matches.tables import Match
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program


def plan_facts(scope: Scope[Match]) -> PlanFacts:
    """The facts of a match that has, or has had, a start and a planned end."""
    match = scope.row
    assert match.started_on is not None  # noqa: S101  plans are made for started matches
    assert match.ends_on is not None  # noqa: S101  both days are set together
    return PlanFacts(
        match_id=match.id,
        program_id=match.program_id,
        profile=profile_of(scope.session.get_one(Program, match.program_id)),
        started_on=match.started_on,
        ends_on=match.ends_on,
        mentor_enrolment_id=match.mentor_enrolment_id,
        mentor_participant_id=match.mentor_participant_id,
        mentee_enrolment_id=match.mentee_enrolment_id,
        mentee_participant_id=match.mentee_participant_id,
    )
