"""Who waits for a match on the last day of a period, or today while it goes on? One statement, whatever the rows."""

from sqlalchemy import text

from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.lifecycles import MatchStatus
from app.domain.statistics import BASE
from app.features.reports.queries.stays import STAYS
from app.kit.columns import in_list

# Found ready by that day and neither ended nor, as far as is known today, paused; no match of the enrolment has started.
# What was proposed on a day that has passed is not stored, when a match started is. Of people whom the reader does not
# know one by one the length of the longest wait is one person's: of them that is taken which BASE have reached.
WAITING = text(f"""
with {STAYS},
waiting as (
  select s.program_id, s.category, s.person_id, s.program_id = any (:known_pairs) as is_known,
         (:waiting_on)::date - s.applied_on as waited
    from stay s
   where s.status in {in_list([Status.READY, Status.EXITED, Status.WITHDRAWN])}
     and s.began_on <= :waiting_on and coalesce(s.ended_on, 'infinity') > :waiting_on
     and not exists (select from match m where m.mentee_enrolment_id = s.id and m.started_on <= :waiting_on
                        and m.status <> '{MatchStatus.VOID}')
),
person as (
  select grouping(category) * 2 + grouping(program_id) as level, category, program_id, person_id,
         bool_or(is_known) as is_known, max(waited) as waited, max(waited) filter (where is_known) as known_waited
    from waiting group by grouping sets ((person_id), (category, person_id), (program_id, person_id))
)
select level, category, program_id, count(*) filter (where is_known) as waiting_known,
       count(*) filter (where not is_known) as waiting_rest,
       coalesce(bit_xor(uuid_hash_extended(person_id, :seed)) filter (where not is_known), 0) as waiting_key,
       max(known_waited) as longest_known,
       (array_agg(waited order by waited desc) filter (where not is_known))[{BASE}] as reached_by_base
  from person group by 1, 2, 3
""")  # noqa: S608  made of constants
