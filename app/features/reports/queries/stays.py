"""What is true of each mentee's stay in a period, as SQL? The rules of `domain/outcomes.py`, where the records are.

A tertial over a hundred thousand enrolments is counted in the database. A test compares each rule here with the domain's
own, record by record, over random records.
"""

from app.domain.figures import Measure
from app.domain.glossary import Concealing
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.outcomes import ALL_WORK, EMPLOYMENT, PUBLIC_SUPPORT, Occasion, Occupation
from app.domain.outcomes import STUDIES as STUDYING
from app.features.access.queries import PROTECTED
from app.kit.clock import ZONE_NAME
from app.kit.columns import in_list

WITHDREW = f"select c.participant_id, c.program_id from concealment c where c.kind = '{Concealing.WITHDRAWN_CONSENT}'"  # noqa: S608
ADMITTED = in_list([Status.READY, Status.PAUSED, Status.EXITED])
COUNTED = in_list([Status.READY, Status.PAUSED, Status.EXITED, Status.REGISTERED_IN_ERROR])
WORK, STUDIES, SUPPORT = in_list(ALL_WORK), in_list(STUDYING), in_list(PUBLIC_SUPPORT)
REGULAR = in_list(EMPLOYMENT | {Occupation.OWN_BUSINESS})
SHORT = {
    Occasion.ENTRY: "entry",
    Occasion.EXIT: "leaving",
    Occasion.AFTER_ONE_MONTH: "one",
    Occasion.AFTER_SIX_MONTHS: "six",
    Occasion.AFTER_TWELVE_MONTHS: "twelve",
}

# An effort begins on the day the person was found ready; for enrolments brought in without that day, on the day of
# application. It ends on the day of the exit, or on the day the person withdrew, as the log of changes tells it:
# withdrawing is the last move there is, and a stored row has no day for it. People with protected identity are in no
# figure, whoever reads it: two readers' figures cannot be compared.
STAYS = f"""
stay as (
  select e.id, e.program_id, p.category, e.participant_id, a.person_id, e.status, e.applied_on,
         e.program_id = any (:known) as is_known,
         case when e.ready_at is not null then (e.ready_at at time zone '{ZONE_NAME}')::date
              when e.status in {ADMITTED} then e.applied_on end as began_on,
         coalesce(e.exited_on, case when e.status = '{Status.WITHDRAWN}' then (coalesce(
           (select max(c.at) from change c
             where c.subject = 'enrolment' and c.subject_id = e.id and c.kind = 'enrolment.moved'),
           e.updated_at) at time zone '{ZONE_NAME}')::date end) as ended_on
    from enrolment e
    join program p on p.id = e.program_id
    join participant a on a.id = e.participant_id
   where e.program_id = any (:programs) and e.side = 'mentee' and e.applied_on <= :last_on
     and (e.exited_on is null or e.exited_on >= (:first_on)::date - interval '7 months')
     and (e.status in {COUNTED} or e.status = '{Status.WITHDRAWN}' and e.ready_at is not null)
     and e.participant_id not in ({PROTECTED})
)
"""  # noqa: S608  made of constants


def _columns(occasion: Occasion) -> str:
    at = f"filter (where o.occasion = '{occasion}')"
    name = SHORT[occasion]
    return f"""
         max(o.observed_on) {at} as {name}_on, max(o.occupation) {at} as {name}_occupation,
         max(o.income_source) {at} as {name}_income, max(o.extent_percent) {at} as {name}_extent,
         max(o.began_on) {at} as {name}_began_on, max(o.ended_on) {at} as {name}_ended_on,
         max(least(coalesce(o.ended_on, o.observed_on), o.observed_on)) {at} as {name}_seen_until"""


# One row for each stay that has ended; each occasion is recorded once, so a maximum is the value itself.
RECORDED = f"""
recorded as (
  select o.enrolment_id, {",".join(_columns(one) for one in Occasion)},
         bool_or(o.has_study_aid) filter (where o.occasion = '{Occasion.EXIT}') as leaving_has_aid
    from outcome o
   where o.enrolment_id in (select s.id from stay s where s.ended_on <= :last_on)
   group by o.enrolment_id
)
"""  # noqa: S608  made of constants

SAME_JOB = ", ".join(
    f"case when {one}_occupation = leaving_occupation and {one}_began_on = leaving_began_on then {one}_seen_until end"
    for one in SHORT.values()
)
KOLADA = f"""
         case when leaving_occupation is null then 'kolada.no_exit_record'
              when leaving_occupation = '{Occupation.STUDIES}'
                then case when leaving_has_aid then 'kolada.studies_with_aid' else 'kolada.studies_without_aid' end
              when leaving_occupation = '{Occupation.MUNICIPAL_LABOUR_MARKET_JOB}' then 'kolada.municipal_job'
              when leaving_occupation not in {REGULAR} then 'kolada.no_work_or_studies'
              when leaving_began_on is null
                or (leaving_began_on + interval '1 month' - interval '1 day')::date > greatest({SAME_JOB})
                then 'kolada.job_under_one_month'
              when leaving_occupation = '{Occupation.OWN_BUSINESS}' then 'kolada.own_business'
              else 'kolada.job_one_month' end"""
COUNTING = "('kolada.job_one_month', 'kolada.own_business', 'kolada.studies_with_aid')"


def _extent(name: str, group: str) -> str:
    return f"case when {name}_occupation in {group} then {name}_extent else 0 end"


def _is_new(name: str) -> str:
    ways = (
        f"{name}_occupation in {group} and coalesce(entry_occupation not in {group}, true)" for group in (WORK, STUDIES)
    )
    return f"coalesce({' or '.join(ways)}, false)"


SIX_MONTHS_ON = "(leaving_on + interval '6 months')::date"
BOTH = "(entry_occupation is not null and leaving_occupation is not null)"
TRUE_OF: dict[Measure, str] = {
    Measure.IN_EFFORT: "began_on <= :last_on and coalesce(ended_on, 'infinity') >= :first_on",
    Measure.ENDED: "ended_on between :first_on and :last_on",
    Measure.TO_SELF_SUFFICIENCY: f"ended_on between :first_on and :last_on and kolada in {COUNTING}",
    Measure.NEW_WITHIN_A_MONTH: (
        f"ended_on between :first_on and :last_on and leaving_on is not null and ({_is_new('leaving')}"
        f" or one_on <= (leaving_on + interval '1 month')::date and {_is_new('one')})"
    ),
    Measure.BEFORE_AND_AFTER: f"ended_on between :first_on and :last_on and {BOTH}",
    Measure.INCREASED: (
        f"ended_on between :first_on and :last_on and {BOTH}"
        f" and ({_extent('leaving', WORK)} > {_extent('entry', WORK)}"
        f" or {_extent('leaving', STUDIES)} > {_extent('entry', STUDIES)})"
    ),
    Measure.SUPPORTED_BEFORE: f"ended_on between :first_on and :last_on and {BOTH} and entry_income in {SUPPORT}",
    Measure.SUPPORT_ENDED: (
        f"ended_on between :first_on and :last_on and {BOTH}"
        f" and entry_income in {SUPPORT} and leaving_income not in {SUPPORT}"
    ),
    Measure.SIX_MONTHS_AFTER: f"{SIX_MONTHS_ON} between :first_on and :last_on",
    Measure.AT_WORK_SIX_MONTHS_AFTER: (
        f"{SIX_MONTHS_ON} between :first_on and :last_on and six_occupation in {WORK}"
        f" and coalesce(six_began_on <= {SIX_MONTHS_ON}, true) and coalesce(six_ended_on >= {SIX_MONTHS_ON}, true)"
    ),
}
"""Measure → the condition, for stays that are somebody's taking part at all."""

# `truths` has one bit for each measure that is true; `refused` is why the stay is nobody's taking part.
JUDGED = f"""
measured as (
  select s.*, {KOLADA} as kolada,
         case when s.status = '{Status.REGISTERED_IN_ERROR}' then 'tertial.registered_in_error'
              when s.began_on is null then 'tertial.never_began' end as refused,
         {", ".join(f"{name}_{column}" for name in SHORT.values() for column in ("on", "occupation", "income", "extent"))},
         six_began_on, six_ended_on
    from stay s left join recorded r on r.enrolment_id = s.id
),
judged as (
  select id, program_id, category, participant_id, person_id, is_known, refused, kolada,
         case when refused is not null then 0
              else {" + ".join(f"case when {true} then {measure.bit} else 0 end" for measure, true in TRUE_OF.items())}
              end as truths
    from measured
)
"""  # noqa: S608  made of constants

JUDGED_STAYS = f"with {STAYS}, {RECORDED}, {JUDGED}"
