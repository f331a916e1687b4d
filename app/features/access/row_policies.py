"""What must row-level security say about each table with personal data? `visible` in SQL text, from the same reach.

The migrations hold this text as it was when they were written; a contract test compares the two.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Table
from sqlmodel import SQLModel

from app.domain.glossary import Concealing, Side
from app.domain.grants import CONVERSATIONS, GRANTS, PERSONAL
from app.domain.roles import Permission
from app.features.access.rows import way
from app.features.access.tables import Guarded, guarded_kinds
from app.features.access.visible import REACHABLE_ENROLMENTS

POLICY = "within_reach"
NOT_CONFINED = frozenset({"match_run", "import"})
"""Read by their jobs before anybody knows for whom; they hold counts. Their parts, which name people, are confined."""
PEOPLE = "participant"


def policies() -> dict[str, str]:
    """Table → the condition under which a row may be read, changed or removed; what is absent here has no policy."""
    found = {str(kind.__tablename__): _condition(kind) for kind in guarded_kinds() if _is_about_people(kind)}
    return found | {table.name: _together(table) for table in SQLModel.metadata.tables.values() if _links_people(table)}


def statements(table: str, condition: str) -> tuple[str, ...]:
    """The SQL that puts a policy in force, also for the owner of the table. Anybody may add rows."""
    return (
        f'alter table "{table}" enable row level security',
        f'alter table "{table}" force row level security',
        f'create policy {POLICY} on "{table}" using (\n{condition}\n) with check (true)',
    )


def _is_about_people(kind: type[Guarded]) -> bool:
    is_personal = kind.reach.read in PERSONAL | CONVERSATIONS or kind.reach.account is not None
    return is_personal and str(kind.__tablename__) not in NOT_CONFINED


def _links_people(table: Table) -> bool:
    """Tables outside the API that join people; what is concealed must be readable where reach is decided."""
    guarded = {str(kind.__tablename__) for kind in guarded_kinds()}
    return table.name not in guarded | {"concealment"} and bool(_references(table, PEOPLE))


def _together(table: Table) -> str:
    """Reached when every person that the row names is."""
    return _any([_all(f"exists (select from {PEOPLE} p where p.id = {one})" for one in _references(table, PEOPLE))])


def _condition(kind: type[Guarded]) -> str:
    reach = kind.reach
    ways = [_is(name, way(reach.read, "persons")) for name in reach.persons]
    ways += [_is(name, way(reach.read, "author")) for name in reach.authors if GRANTS[reach.read].author]
    if reach.account is not None:
        # Read before there is an actor; as soon as there is one, it too is confined.
        ways += ["cardinality((select reach('user'))) = 0", _is(reach.account, "user")]
    held = [_is(name, way(reach.read, "partner")) for name in reach.holders]
    if shared := _by_program(kind):
        held.append(_all([shared, *_consenting(kind)]))
    return _any([*ways, _all([_or(held), *_unprotected(kind)])])


def _by_program(kind: type[Guarded]) -> str | None:
    reach = kind.reach
    if reach.by_enrolment is not None:
        person = f"{kind.__tablename__}.{reach.by_enrolment}"
        enrolled = [
            f"e.participant_id = {person}",
            _sides(reach.read, "e.program_id", "e.side"),
            f"e.status in ({', '.join(map(_quoted, REACHABLE_ENROLMENTS))})",
            _consents("e.participant_id", "e.program_id"),
        ]
        anonymous = _concealed(Concealing.ANONYMOUS, "c.participant_id")
        return _all(
            [
                f"cardinality({_ids(way(reach.read, 'any'))}) > 0",  # most hold no such duty: nothing to look up then
                f"exists (select from enrolment e where {_all(enrolled)})",
                f"{person} not in ({anonymous})",
            ]
        )
    if reach.program is None:
        return None
    return _all([_sides(reach.read, reach.program, reach.side), *_cleared_parts(kind)])


def _sides(permission: Permission, program: str, side: str | None) -> str:
    if side is None:
        return _is(program, way(permission, "any"))
    return _or(f"({side} = {_quoted(one)} and {_is(program, way(permission, one))})" for one in Side)


def _cleared_parts(kind: type[Guarded]) -> Iterator[str]:
    """A part of something that takes a clearance takes the same one."""
    for whole in guarded_kinds():
        for column in _references(_table(kind), str(whole.__tablename__)) if whole.reach.clearance else ():
            needed = f"w.{whole.reach.clearance} <@ (select reach('cleared'))"
            yield f"exists (select from {whole.__tablename__} w where w.id = {column} and {needed})"


def _consenting(kind: type[Guarded]) -> list[str]:
    program = kind.reach.program
    if program is None or kind.reach.regardless_of_consent:
        return []
    return [_consents(one, program, _is_nullable(kind, one)) for one in _people(kind)]


def _consents(person: str, program: str, is_nullable: bool = False) -> str:  # noqa: FBT001, FBT002  a fact of the column
    withdrawn = _concealed(Concealing.WITHDRAWN_CONSENT, "c.participant_id, c.program_id")
    return _unless_null(person, f"({person}, {program}) not in ({withdrawn})", is_nullable)


def _unprotected(kind: type[Guarded]) -> Iterator[str]:
    for person in _people(kind):
        yield _unless_null(person, f"{person} not in ({_hidden(kind, 'c.participant_id')})", _is_nullable(kind, person))
    if kind.reach.account is not None:
        yield f"{kind.reach.account} not in ({_hidden(kind, 'c.user_id')} and c.user_id is not null)"


def _hidden(kind: type[Guarded], column: str) -> str:
    """The protected whom nothing opens and, where no duty to protect people asks for them, the restricted held elsewhere."""
    if kind.reach.regardless_of_consent:
        return _of_concealed(Concealing.PROTECTED_IDENTITY, column, "cleared")
    ways = ((Concealing.PROTECTED_IDENTITY, "cleared"), (Concealing.RESTRICTED, "partner"))
    which = _or(f"(c.kind = {_quoted(one)} and c.partner_id <> all ({_ids(unless)}))" for one, unless in ways)
    return f"select {column} from concealment c where {which}"  # noqa: S608  made of constants


def _concealed(kind: Concealing, columns: str) -> str:
    return _of_concealed(kind, columns, "partner")


def _of_concealed(kind: Concealing, columns: str, unless: str) -> str:
    """Of the concealed in this manner, whom the setting `unless` does not open."""
    which = f"c.kind = {_quoted(kind)} and c.partner_id <> all ({_ids(unless)})"
    return f"select {columns} from concealment c where {which}"  # noqa: S608  made of constants


def _people(kind: type[Guarded]) -> tuple[str, ...]:
    return kind.reach.persons if kind.reach.concealed is None else kind.reach.concealed


def _is(column: str, setting: str) -> str:
    return f"{column} = any ({_ids(setting)})"


def _ids(setting: str) -> str:
    """A subquery that depends on nothing is computed once for a statement; the cast makes `any` take it for an array."""
    return f"(select reach('{setting}'))::uuid[]"


def _unless_null(column: str, condition: str, is_nullable: bool) -> str:  # noqa: FBT001  a fact of the column
    return f"({column} is null or {condition})" if is_nullable else condition


def _is_nullable(kind: type[Guarded], column: str) -> bool:
    return bool(_table(kind).c[column].nullable)


def _references(table: Table, to: str) -> list[str]:
    return [one.name for one in table.c if any(key.column.table.name == to for key in one.foreign_keys)]


def _table(kind: type[Guarded]) -> Table:
    table: Table = kind.__table__  # type: ignore[attr-defined]  # every mapped class has its table
    return table


def _quoted(value: str) -> str:
    return f"'{value}'"


def _any(ways: Iterable[str]) -> str:
    """The outermost alternatives, one a line; a transaction that was widened sees everything."""
    return "\n  or ".join(["(select beyond_reach())", *ways])


def _all(conditions: Iterable[str]) -> str:
    """All of them, one a line where they are long."""
    found = list(conditions)
    return found[0] if len(found) == 1 else "(" + "\n    and ".join(found) + ")"


def _or(ways: Iterable[str]) -> str:
    found = list(ways)
    return found[0] if len(found) == 1 else "(" + "\n    or ".join(found) + ")"
