"""What has each partner of a program contributed in a period: mentors, meetings, hours, people, host places?"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.domain.lifecycles import MatchStatus
from app.domain.placements import PlacementEnd
from app.domain.roles import Level, Permission, Responsibility
from app.domain.statistics import Cell, Count, Told, tell, tell_amount
from app.features.access.queries import PROTECTED
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports.queries.asking import PAIRS, STAYS, asked_by, known_by, period_of, period_read
from app.features.reports.queries.counts import Asked
from app.features.reports.queries.stays import JUDGED_STAYS
from app.features.reports.schemas import Amount, HeldDuty, PartnerContribution, PartnerContributions, TertialQuery
from app.kit.digests import noise_of

PLACED = (Permission.ENROLMENT_READ, Permission.PLACEMENT_READ)
MINUTES_OF_HOUR = 60
HOURS = 10
"""The step of hours, of mentors whom the reader does not know."""

# Whoever is a party, holds a duty, or holds somebody who took part. Meetings count where both have met: by the mentor's
# partner, which gave the time.
CONTRIBUTIONS = text(f"""
{JUDGED_STAYS},
pair as (
  select m.id, m.mentor_partner_id, a.person_id
    from match m join participant a on a.id = m.mentor_participant_id
   where m.program_id = any (:programs) and m.status <> '{MatchStatus.VOID}' and m.started_on <= :last_on
     and coalesce(m.closed_on, 'infinity') >= :first_on
     and m.mentor_participant_id not in ({PROTECTED}) and m.mentee_participant_id not in ({PROTECTED})
),
mentor as (
  select mentor_partner_id as partner_id, count(*) as number, bit_xor(uuid_hash_extended(person_id, :seed)) as key
    from (select distinct mentor_partner_id, person_id from pair) as one group by 1
),
met as (
  select p.mentor_partner_id as partner_id, count(*) as number, sum(e.minutes) as minutes
    from meeting e join pair p on p.id = e.match_id
   where e.held_on between :first_on and :last_on group by 1
),
mentee as (
  select a.partner_id, count(*) as number, bit_xor(uuid_hash_extended(j.person_id, :seed)) as key
    from (select distinct participant_id, person_id from judged where truths & 1 <> 0) j
    join participant a on a.id = j.participant_id group by 1
),
host as (
  select w.partner_id, sum(w.places) as places from host_workplace w join cohort c on c.id = w.cohort_id
   where w.program_id = any (:programs) and c.starts_on <= :last_on and c.ends_on >= :first_on group by 1
),
hosted as (
  select host_partner_id as partner_id, count(*) as number, bit_xor(uuid_hash_extended(person_id, :seed)) as key
    from (
      select distinct l.host_partner_id, a.person_id from placement l join participant a on a.id = l.participant_id
       where l.program_id = any (:programs) and l.starts_on <= :last_on
         and coalesce(l.ended_on, l.ends_on) >= :first_on
         and l."end" is distinct from '{PlacementEnd.NOT_STARTED}' and l.participant_id not in ({PROTECTED})
    ) as one group by 1
),
duty as (
  select partner_id, array_agg(distinct array[duty, level]) as held from responsibility_assignment
   where program_id = any (:programs) and valid_from <= :today and coalesce(valid_until, 'infinity') >= :today
     and ended_at is null group by 1
)
select p.id, p.name, p.sector, d.held, coalesce(m.number, 0) as mentors, coalesce(m.key, 0) as mentors_key,
       coalesce(t.number, 0) as meetings, coalesce(t.minutes, 0) as minutes,
       coalesce(c.number, 0) as mentees, coalesce(c.key, 0) as mentees_key, coalesce(h.places, 0) as host_places,
       coalesce(o.number, 0) as hosted, coalesce(o.key, 0) as hosted_key
  from partner p
  left join duty d on d.partner_id = p.id left join mentor m on m.partner_id = p.id
  left join met t on t.partner_id = p.id left join mentee c on c.partner_id = p.id
  left join host h on h.partner_id = p.id left join hosted o on o.partner_id = p.id
 where coalesce(d.partner_id, m.partner_id, c.partner_id, h.partner_id, o.partner_id) is not null
 order by p.name, p.id
""")  # noqa: S608  made of constants


def partners(scope: Scope[Program], query: TertialQuery) -> PartnerContributions:
    """Each partner with its duties today and what it gave in the tertial.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    tertial = period_of(query, scope.today)
    asked = asked_by(scope, tertial, frozenset({scope.row.id}))
    knows_placed = scope.row.id in known_by(scope, PLACED)
    return PartnerContributions(
        program_id=scope.row.id,
        period=period_read(tertial, scope.today),
        as_of=scope.now,
        items=[_contribution(scope, asked, row, knows_placed=knows_placed) for row in _rows(scope, asked)],
    )


@looks_beyond_reach
def _rows(scope: Scope[Program], asked: Asked) -> list[Any]:
    wanted = CONTRIBUTIONS.compile().params
    found = scope.session.connection().execute(CONTRIBUTIONS, {name: asked.parameters[name] for name in wanted})
    return list(found.all())


def _contribution(scope: Scope[Program], asked: Asked, row: Any, *, knows_placed: bool) -> PartnerContribution:
    noise = noise_of(scope.session)
    knows_pairs = scope.row.id in asked.known_pairs or _is_own(scope, row.id, PAIRS)
    knows_stays = scope.row.id in asked.known or _is_own(scope, row.id, STAYS)
    knows_hosted = knows_placed or _is_own(scope, row.id, (Permission.PLACEMENT_READ,))
    mentors, mentees, hosted = (
        Count(0, Cell(getattr(row, name), getattr(row, f"{name}_key"))) for name in ("mentors", "mentees", "hosted")
    )
    hours = round(row.minutes / MINUTES_OF_HOUR)
    return PartnerContribution(
        partner_id=row.id,
        name=row.name,
        sector=row.sector,
        duties=[HeldDuty(duty=Responsibility(duty), level=Level(level)) for duty, level in row.held or ()],
        mentors=_amount(tell(mentors, mentors, noise, is_known=knows_pairs)),
        meetings=_amount(_given(row.meetings, mentors, knows_pairs, noise)),
        hours=_amount(_given(hours, mentors, knows_pairs, noise, HOURS)),
        mentees=_amount(tell(mentees, mentees, noise, is_known=knows_stays)),
        host_places=row.host_places,
        hosted=_amount(tell(hosted, hosted, noise, is_known=knows_hosted)),
    )


def _is_own(scope: Scope[Program], partner_id: UUID, permissions: Iterable[Permission]) -> bool:
    """One's own people, whom one's own staff may read wherever they are."""
    actor = scope.actor
    return actor.partner_id == partner_id and all(actor.has_role_for(permission) for permission in permissions)


def _given(amount: int, members: Count, is_known: bool, noise: Any, step: int = 5) -> Told:  # noqa: FBT001  a fact
    return Told(amount, is_exact=True) if is_known else tell_amount(amount, members, noise, step)


def _amount(told: Told) -> Amount:
    return Amount(
        value=told.value, is_protected=told.value is None, is_rounded=told.value is not None and not told.is_exact
    )
