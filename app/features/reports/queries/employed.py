"""What have a company's own employees given as mentors in a period? Sums of one's own staff's time, and nothing of mentees."""

from datetime import date

from sqlalchemy import text

from app.domain.lifecycles import MatchStatus
from app.features.access.queries import PROTECTED
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.reports.schemas import EmployedMentors

MINUTES_OF_HOUR = 60
# Of every programme, without saying which: that somebody is a mentor there may be no business of an employer's.
EMPLOYED = text(f"""
select count(distinct a.person_id) as mentors, count(*) as meetings, coalesce(sum(e.minutes), 0) as minutes
  from meeting e join match m on m.id = e.match_id join participant a on a.id = m.mentor_participant_id
 where a.employer_partner_id = :employer and m.status <> '{MatchStatus.VOID}' and e.held_on between :first_on and :last_on
   and m.mentor_participant_id not in ({PROTECTED}) and m.mentee_participant_id not in ({PROTECTED})
""")  # noqa: S608  made of constants


@looks_beyond_reach
def employed(scope: Scope[Partner], first_on: date, last_on: date) -> EmployedMentors:
    """Mentors who work at the partner, and the meetings that they have held; the first and last day included."""
    asked = {"employer": scope.row.id, "first_on": first_on, "last_on": last_on}
    row = scope.session.connection().execute(EMPLOYED, asked).one()
    return EmployedMentors(mentors=row.mentors, meetings=row.meetings, hours=round(row.minutes / MINUTES_OF_HOUR))
