"""Which follow-ups and answers do the tests of this slice need?"""

from datetime import timedelta
from typing import Any

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.features.follow_ups.tables import FollowUp
from tests.features.matches.pairs import Pair

ANSWERS = {"hasMet": True, "contactWorks": 4, "needsSupport": False, "wantsToContinue": True}


def planned(pair: Pair, due_in: int, side: Side | None = Side.MENTOR, **over: Any) -> FollowUp:
    """A check-in with one side (by default the mentor), due so many days from today."""
    enrolment = pair.enrolments.get(side) if side else None
    kind = FollowUpKind.CHECK_IN_MENTEE if side is Side.MENTEE else FollowUpKind.CHECK_IN_MENTOR
    row: FollowUp = pair.place.world.add(
        FollowUp(
            program_id=pair.place.program,
            match_id=pair.match.id,
            enrolment_id=enrolment.id if enrolment else None,
            participant_id=enrolment.participant_id if enrolment else None,
            side=side,
            mentor_participant_id=pair.mentor.id,
            mentee_participant_id=pair.mentee.id,
            due_on=pair.place.today + timedelta(days=due_in),
            **{"kind": kind, **over},
        )
    )
    return row


def submission(pair: Pair, days_ago: int = 0, **over: Any) -> dict[str, Any]:
    done_on = pair.place.today - timedelta(days=days_ago)
    return {"doneOn": done_on.isoformat(), "answers": {**ANSWERS, **over}}
