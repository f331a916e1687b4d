"""What does a month's review of accesses look at? A sample that anybody can draw again, and what is unusual."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import defer
from sqlmodel import col

from app.domain.access_reviews import FIRST_HOUR, LAST_HOUR, SAMPLE, Day, rank
from app.domain.days import add_months
from app.domain.grants import PAIR
from app.domain.roles import Role
from app.features.access.queries import PROTECTED
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import AccessRecord
from app.features.access.visible import concealed_from
from app.features.audit.queries.seals import oldest_waiting
from app.features.audit.schemas import AccessReviewLine, AccessReviewRead, AnomalyRead, ReviewSignatureRead, SignalRead
from app.features.audit.tables import AccessReviewSignature, AuditSeal
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.privacy.queries.accesses import (
    IN_CONFIDENCE,
    hidden_logins,
    lines_of,
    not_only_concealed,
    within,
)
from app.kit.clock import STOCKHOLM, ZONE_NAME, today
from app.kit.problems import Problem

NOT_REVIEWED = tuple(sorted(PAIR | {Role.SERVICE}))
"""People about themselves and their match, and systems, which have no working hours."""
DAYS = text(f"""
with month as (
  select id, user_id, people, decision, permission, (at at time zone '{ZONE_NAME}') as local
    from access_record where id = any(:ids)
), known as (
  select m.user_id, m.local::date as day, m.id, m.decision, m.permission, cardinality(m.people) as width, p.person
    from month m cross join lateral unnest(m.people) as p (person)
   where m.decision = 'allowed' and p.person <> all (:concealed)
), worked as (
  select distinct user_id, person from known where permission not like '%\\:read'
), days as (
  select user_id, local::date as day, count(*) as accesses,
         count(*) filter (where extract(isodow from local) > 5 or extract(hour from local) < {FIRST_HOUR}
                             or extract(hour from local) >= {LAST_HOUR}) as off_hours,
         count(*) filter (where decision <> 'allowed') as refusals,
         count(*) filter (where decision = 'allowed' and people && array({PROTECTED})) as protected
    from month group by user_id, local::date
), seen as (
  select user_id, day, count(distinct person) as people,
         count(distinct person) filter (where width = 1 and permission like '%\\:read'
           and not exists (select from worked w where w.user_id = k.user_id and w.person = k.person)) as without_work
    from known k group by user_id, day
)
select d.*, coalesce(s.people, 0) as people, coalesce(s.without_work, 0) as without_work
  from days d left join seen s using (user_id, day)
""")  # noqa: S608  the inserted texts are constants


@dataclass(frozen=True)
class Review:
    """A month of a partner that can be reviewed, and the checkpoint that draws its sample."""

    month: str
    since: datetime
    until: datetime
    seal_number: int
    seed: str


def review_of(scope: Scope[Partner], month: str) -> Review:
    """Raises: Problem 404 while the month goes on, or waits to be sealed."""
    since, until = bounds_of(month)
    waiting = oldest_waiting(scope.session)
    if scope.now < until or (waiting is not None and waiting < until):
        raise Problem("access_review.not_yet")
    wanted = select(AuditSeal).options(defer(AuditSeal.leaves)).where(col(AuditSeal.at) < until)  # type: ignore[arg-type]
    last = scope.session.scalars(wanted.order_by(col(AuditSeal.number).desc()).limit(1)).first()
    if last is None:
        raise Problem("access_review.not_yet")
    return Review(month, since, until, last.number, last.root)


def bounds_of(month: str) -> tuple[datetime, datetime]:
    """The first instant of a Swedish month, and of the next."""
    year, number = map(int, month.split("-"))
    first = datetime(year, number, 1, tzinfo=STOCKHOLM)
    after = add_months(first.date(), 1)
    return first, datetime(after.year, after.month, 1, tzinfo=STOCKHOLM)


@looks_beyond_reach
def read_review(scope: Scope[Partner], month: str) -> AccessReviewRead:
    """Raises: Problem 404."""
    review = review_of(scope, month)
    population = _population(scope, review)
    sample = _sample(scope, review, population)
    own = select(col(Participant.id)).where(
        col(Participant.partner_id) == scope.row.id, col(Participant.id).not_in(concealed_from(scope.actor))
    )
    signature = signature_of(scope, month)
    return AccessReviewRead(
        month=month,
        seal_number=review.seal_number,
        seed=review.seed,
        access_count=scope.session.scalar(select(func.count()).select_from(population.subquery())) or 0,
        sample=lines_of(scope, own, sample),
        anomalies=[_anomaly(day) for day in _anomalies(scope, population)],
        signature=None if signature is None else ReviewSignatureRead.model_validate(signature),
    )


def _population(scope: Scope[Partner], review: Review) -> Select[Any]:
    """What the partner's own staff did that month, as far as the caller may know of it."""
    return select(col(AccessRecord.id)).where(
        *within(review.since, review.until),
        col(AccessRecord.partner_id) == scope.row.id,
        col(AccessRecord.role).not_in(NOT_REVIEWED),
        col(AccessRecord.permission).not_in(IN_CONFIDENCE),
        col(AccessRecord.user_id).not_in(hidden_logins(scope)),
    )


def _sample(scope: Scope[Partner], review: Review, population: Select[Any]) -> list[Any]:
    """The lines with the least SHA-256 of seed, colon and id: whoever has the log and the seal draws the same."""
    drawn = func.sha256(func.convert_to(func.concat(review.seed, ":", AccessRecord.id), "UTF8"))
    wanted = (
        select(AccessRecord, Partner.name)  # type: ignore[call-overload]
        .join(Partner, col(AccessRecord.partner_id) == col(Partner.id))
        .where(col(AccessRecord.id).in_(population), not_only_concealed(scope))
        .order_by(drawn)
        .limit(SAMPLE)
    )
    return list(scope.session.execute(wanted).all())


def _anomalies(scope: Scope[Partner], population: Select[Any]) -> list[Day]:
    ids = list(scope.session.scalars(population))
    concealed = list(scope.session.scalars(concealed_from(scope.actor)))
    rows = scope.session.execute(DAYS, {"ids": ids, "concealed": concealed}).mappings()
    return rank([_day(row) for row in rows])


def _day(row: Any) -> Day:
    told = {name: row[name] for name in ("accesses", "people", "off_hours", "without_work", "protected", "refusals")}
    return Day(user_id=str(row["user_id"]), on=row["day"].isoformat(), **told)


def _anomaly(day: Day) -> AnomalyRead:
    return AnomalyRead.model_validate(
        {
            "user_id": day.user_id,
            "on": day.on,
            "points": day.points(),
            "access_count": day.accesses,
            "participant_count": day.people,
            "signals": [SignalRead(signal=signal, times=times) for signal, times in day.times().items()],
        }
    )


def signature_of(scope: Scope[Partner], month: str) -> AccessReviewSignature | None:
    wanted = select(AccessReviewSignature).where(
        col(AccessReviewSignature.partner_id) == scope.row.id, col(AccessReviewSignature.month) == month
    )
    return scope.session.scalars(wanted).first()


def review_lines(scope: Scope[Partner]) -> list[AccessReviewLine]:
    """Every month that is over since the logs are sealed, the newest first, signed or not."""
    began = scope.session.scalar(select(func.min(AuditSeal.at)))
    if began is None:
        return []
    wanted = select(AccessReviewSignature).where(col(AccessReviewSignature.partner_id) == scope.row.id)
    signed = {one.month: one for one in scope.session.scalars(wanted)}
    month, lines = today(began).replace(day=1), []
    while month < today(scope.now).replace(day=1):
        found = signed.get(month.strftime("%Y-%m"))
        lines.append(
            AccessReviewLine(
                month=month.strftime("%Y-%m"),
                is_signed=found is not None,
                finding=found and found.finding,
                signed_at=found and found.signed_at,
            )
        )
        month = add_months(month, 1)
    return lines[::-1]
