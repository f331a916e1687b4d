"""What do the records of matches say about how they are doing? Read with the caller's own reach."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from app.domain.benchmarks import Profile
from app.domain.follow_ups import WHILE_RUNNING, status_on
from app.domain.health import RULE_VERSION, Answered, Diagnosis, MatchFacts, health_of, texts
from app.domain.lifecycles import FollowUpStatus
from app.domain.matches import UNDER_WAY
from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.follow_ups.tables import FollowUp
from app.features.health.schemas import HealthQuery, HealthRead
from app.features.matches.tables import Match, Meeting
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.kit.problems import Problem


def health(scope: Scope[Match]) -> HealthRead:
    """How one match is doing. Raises: Problem 404 for a match that is not under way."""
    if scope.row.status not in UNDER_WAY or scope.row.started_on is None:
        raise Problem("resource.not_found")
    ((_, read),) = _diagnosed(scope, [scope.row])
    return read


def by_urgency(scope: Scope[Any], query: HealthQuery) -> tuple[list[HealthRead], int]:
    """One page of the matches that the caller's partner follows up, the most urgent first, and how many there are.

    All of them are looked at, because the urgency of each is only known then; five statements, whatever their number.
    """
    wanted = [visible(Match, scope.actor, Permission.MATCH_HEALTH_READ), col(Match.status).in_(UNDER_WAY)]
    named = {name: getattr(query, name) for name in ("program_id", "cohort_id")}
    wanted += [getattr(Match, name) == value for name, value in named.items() if value is not None]
    rows = scope.session.exec(select(Match).where(*wanted, col(Match.started_on).is_not(None))).all()
    found = [
        (diagnosis.urgency, read.match_id, read)
        for diagnosis, read in _diagnosed(scope, rows)
        if query.health in {None, diagnosis.health}
    ]
    found.sort(key=lambda one: one[:2])
    start = (query.page - 1) * query.limit
    return [read for _, _, read in found[start : start + query.limit]], len(found)


def _diagnosed(scope: Scope[Any], rows: Sequence[Match]) -> list[tuple[Diagnosis, HealthRead]]:
    session, ids = scope.session, [row.id for row in rows]
    met, answered, open_ = _last_met(session, ids), _newest_answers(session, ids), _open(session, ids)
    profiles = _profiles(session, {row.program_id for row in rows})
    found = []
    for row in rows:
        late, missed = _late(open_[row.id], scope.today)
        facts = MatchFacts(
            status=row.status,
            started_on=row.started_on or scope.today,
            ends_on=row.ends_on or scope.today,
            meetings_per_month=profiles[row.program_id].number("meetingsPerMonth"),
            review_on=row.review_on,
            last_met_on=met.get(row.id),
            answered=answered[row.id],
            late_since=late,
            missed=missed,
        )
        diagnosis = health_of(facts, scope.today)
        found.append((diagnosis, _read(row, facts, diagnosis, scope.today)))
    return found


def _last_met(session: Session, ids: Sequence[UUID]) -> dict[UUID, date]:
    last = select(Meeting.match_id, func.max(Meeting.held_on)).where(col(Meeting.match_id).in_(ids))
    return dict(session.exec(last.group_by(col(Meeting.match_id))).all())


def _newest_answers(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Answered]]:
    """Of each match the newest answer to each kind of contact."""
    answered = (FollowUpStatus.DONE, FollowUpStatus.CORRECTED)
    newest = (
        select(FollowUp)
        .where(
            col(FollowUp.match_id).in_(ids),
            col(FollowUp.status).in_(answered),
            col(FollowUp.kind).in_(WHILE_RUNNING),
        )
        .ext(distinct_on(col(FollowUp.match_id), col(FollowUp.kind)))
        .order_by(
            col(FollowUp.match_id), col(FollowUp.kind), col(FollowUp.done_on).desc(), col(FollowUp.submitted_at).desc()
        )
    )
    found: dict[UUID, list[Answered]] = defaultdict(list)
    for row in session.exec(newest):
        if row.done_on is not None:
            found[row.match_id].append(Answered(row.done_on, row.answers))
    return found


def _open(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[FollowUp]]:
    waiting = (FollowUpStatus.PLANNED, FollowUpStatus.DUE)
    rows = select(FollowUp).where(
        col(FollowUp.match_id).in_(ids), col(FollowUp.status).in_(waiting), col(FollowUp.kind).in_(WHILE_RUNNING)
    )
    found: dict[UUID, list[FollowUp]] = defaultdict(list)
    for row in session.exec(rows):
        found[row.match_id].append(row)
    return found


def _late(rows: Sequence[FollowUp], today: date) -> tuple[list[date], list[date]]:
    """The days of contacts that are late, and of those that have been missed."""
    late, missed = [], []
    for row in rows:
        if status_on(row.status, row.due_on, today, row.grace_days) is FollowUpStatus.MISSED:
            missed.append(row.due_on)
        elif row.due_on < today:
            late.append(row.due_on)
    return late, missed


def _profiles(session: Session, ids: set[UUID]) -> dict[UUID, Profile]:
    return {row.id: profile_of(row) for row in session.exec(select(Program).where(col(Program.id).in_(ids)))}


def _read(row: Match, facts: MatchFacts, diagnosis: Diagnosis, today: date) -> HealthRead:
    reasons = [
        {"code": one.reason, "health": one.health, "since": one.since, **_words(one.reason)}
        for one in diagnosis.reasons
    ]
    return HealthRead.model_validate(
        {
            **row.model_dump(include=set(HealthRead.model_fields)),
            "match_id": row.id,
            "match_status": row.status,
            "health": diagnosis.health,
            "as_of": today,
            "rule_version": RULE_VERSION,
            "last_met_on": facts.last_met_on,
            "reasons": reasons,
        }
    )


def _words(reason: str) -> dict[str, str]:
    return {language: texts()[reason][language] for language in ("en", "sv")}
