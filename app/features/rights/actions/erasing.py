"""How is a person erased, wherever the walk of foreign keys leads, and how is that done again after a restore?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Table, Update, delete, update
from sqlmodel import SQLModel

from app.domain.changes import ChangeKind
from app.domain.erasure import Fate, Rule, erasure_rules
from app.domain.errors import RuleViolation
from app.domain.glossary import Concealing
from app.domain.lifecycles import DATA_REQUEST, OPEN_ENROLMENTS, OPEN_MATCHES, DataRequestStatus
from app.domain.lifecycles import EnrolmentStatus as Enrolment
from app.domain.lifecycles import MatchStatus as Match
from app.domain.rights import ErasureGround
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.accounts.actions import close_account
from app.features.changes.actions import record
from app.features.participants.actions.anonymity import UNKNOWN
from app.features.participants.tables import Participant
from app.features.protection.queries import ids_about
from app.features.rights import queries
from app.features.rights.queries.ledger import digest_of
from app.features.rights.queries.walk import ACCOUNT, PERSON, about, paths
from app.features.rights.tables import DataRequest, Erasure
from app.kit.columns import amend
from app.kit.idempotency import empty_answers, forget_principal
from app.kit.ids import new_id

DECIDED = ("legal_ground", "decision_reference", "decided_by_user_id", "approved_by_user_id", "erased_at")
UNKNOWN_YEAR = 1900
"""Of a record that never had a day of birth."""


@dataclass(frozen=True)
class Decision:
    """By whose decision somebody is erased; ids and codes."""

    legal_ground: ErasureGround
    decision_reference: str | None
    decided_by_user_id: UUID
    approved_by_user_id: UUID
    erased_at: datetime
    replayed_at: datetime | None = None


DECISION = TypeAdapter(Decision)


@looks_beyond_reach
def carry_out(scope: Scope[Any], request: DataRequest) -> None:
    """Erase the person of an approved request and say so of it. Raises: the lifecycle's refusal."""
    DATA_REQUEST.check(request.status, DataRequestStatus.EXECUTED)
    decision = DECISION.validate_python({**request.model_dump(include=set(DECIDED)), "erased_at": scope.now})
    erase(scope, scope.session.get_one(Participant, request.participant_id), decision)
    scope.session.refresh(request)  # it is one of the rows that were emptied
    done = {"status": DataRequestStatus.EXECUTED, "executed_at": scope.now}
    record(scope, ChangeKind.DATA_REQUEST_EXECUTED, request, amend(request, done))


@looks_beyond_reach
def erase(scope: Scope[Any], person: Participant, decision: Decision) -> Erasure:
    """Remove every personal value about the person in this transaction; the protocol and the ledger are one row.

    What goes on is ended first: rows that are kept must not wait for somebody who is no longer there.
    """
    session, account = scope.session, person.user_id
    digest = digest_of(session, person.id)
    empty_answers(session, ids_about(session, person) | ({account} if account else set()))
    if account is not None:
        forget_principal(session, account)
        close_account(scope, account)
    _end_what_goes_on(scope, person.id)
    counts = _empty_tables(scope, person.id, account)
    _forget(scope, person)
    session.add(Concealment(participant_id=person.id, partner_id=person.partner_id, kind=Concealing.ANONYMOUS))
    told = {**decision.__dict__, "partner_id": person.partner_id, "person_digest": digest, "counts": counts}
    erasure = Erasure.model_validate(told)
    session.add(erasure)
    record(scope, ChangeKind.PARTICIPANT_ERASED, person)
    session.flush()
    return erasure


def _empty_tables(scope: Scope[Any], person: UUID, account: UUID | None) -> dict[str, int]:
    """Empty and delete, children before what they point at; answers how many rows of each table were touched."""
    tables, rules, counts = SQLModel.metadata.tables, erasure_rules(), dict[str, int]()
    ordered = [one.name for one in reversed(SQLModel.metadata.sorted_tables) if one.name in paths()]
    for fate in (Fate.EMPTIED, Fate.DELETED):
        for name in ordered:
            rule, table = rules[name], tables[name]
            if rule.fate is not fate or name in {PERSON, ACCOUNT}:  # these two by `_forget` and `close_account`
                continue
            act: Any = delete(table) if fate is Fate.DELETED else _emptying(scope, table, rule)
            done: Any = scope.session.execute(act.where(about(name, person, account)))
            if done.rowcount:
                counts[name] = done.rowcount
    return dict(sorted(counts.items()))


def _emptying(scope: Scope[Any], table: Table, rule: Rule) -> Update:
    return update(table).values(**rule.values, version=table.c.version + 1, updated_at=scope.now)


def _end_what_goes_on(scope: Scope[Any], person: UUID) -> None:
    """Open enrolments and matches, of a record that a restore brought back in the middle of them."""
    enrolment, match = SQLModel.metadata.tables["enrolment"], SQLModel.metadata.tables["match"]
    left = update(enrolment).where(enrolment.c.participant_id == person, enrolment.c.status.in_(OPEN_ENROLMENTS))
    scope.session.execute(left.values(status=Enrolment.WITHDRAWN, version=enrolment.c.version + 1))
    ended = update(match).where(about("match", person, None), match.c.status.in_(OPEN_MATCHES))
    void = {"status": Match.VOID, "mentor_place": None, "version": match.c.version + 1}
    scope.session.execute(ended.values(**void))


def _forget(scope: Scope[Any], person: Participant) -> None:
    """Leave of the record what an anonymous one has: gender and year of birth. Whatever was stored, it goes."""
    year = person.born_on.year if person.born_on else person.birth_year or UNKNOWN_YEAR
    known = {"is_anonymous": True, "birth_year": year, "person_id": new_id(), "is_business_owner": False}
    table, session = SQLModel.metadata.tables[PERSON], scope.session
    emptying = _emptying(scope, table, erasure_rules()[PERSON]).values(**UNKNOWN, **known)
    session.execute(emptying.where(table.c.id == person.id))
    session.refresh(person)


@looks_beyond_reach
def replay_ledger(scope: Scope[Any], document: Any) -> tuple[int, int]:
    """Erase again whom a restore has brought back; answers how many the ledger holds and how many that were.

    Raises: see `check_ledger`; `erasure.ledger_unreadable` for an entry that is none.
    """
    known = {entry["person_digest"]: _decision(scope, entry) for entry in queries.check_ledger(scope.session, document)}
    found = queries.people_in(scope.session, set(known))
    for person, digest in found:
        erase(scope, person, known[digest])
    return len(known), len(found)


def _decision(scope: Scope[Any], entry: dict[str, Any]) -> Decision:
    """An entry under our seal. What another version wrote may lack something, and is refused."""
    try:
        told = {name: value for name, value in entry.items() if name in DECIDED}
        return DECISION.validate_python({**told, "replayed_at": scope.now})
    except ValidationError as wrong:
        raise RuleViolation("erasure.ledger_unreadable") from wrong


@looks_beyond_reach
def purge_exports(scope: Scope[Any], person: UUID | None = None) -> int:
    """Remove the exports whose days are over, or all of a person who is concealed; answers how many."""
    table = SQLModel.metadata.tables["data_export"]
    over = table.c.expires_at <= scope.now if person is None else table.c.participant_id == person
    done: Any = scope.session.execute(delete(table).where(over))
    return int(done.rowcount)
