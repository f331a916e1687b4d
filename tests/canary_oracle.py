"""Who may see which canary? Written down by hand from the agreements, apart from the application.

Three partners. Anna (a municipality) owns the first program and follows its matches up; Berit (an association) recruits
and screens both sides of it; Cilla runs the second program alone. Anna's people are mentees and Berit's are mentors, in
pairs; Cilla's are both. Every string about a person is a canary: it stands in one field of one person's records only.
"""

from dataclasses import dataclass, field

from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from tests.world import Client

FOLLOWERS = {1: "Anna", 2: "Cilla"}  # program → the partner that signs and follows up matches
SCREENERS = {1: "Berit", 2: "Cilla"}
RECEIVER = "Cilla"  # of the one referral
WORKERS = {Role.COORDINATOR, Role.CASE_HANDLER, Role.SERVICE}
HANDLERS = {Role.CASE_HANDLER, Role.SERVICE}
SPECIAL = {1: "protected", 2: "anonymous", 3: "withdrawn"}
"""By the person's place among those of the partner; the others have nothing in particular."""
BOTH_SEE = {MatchStatus.ACTIVE, MatchStatus.ACCEPTED}
PAST_PROPOSAL = {MatchStatus.ACTIVE, MatchStatus.ACCEPTED, MatchStatus.CLOSED}
NAMING = {"given", "family", "contact"}
BEFORE_START = {MatchStatus.PROPOSED, MatchStatus.ACCEPTED}


@dataclass(eq=False)
class Person:
    """A person, what tells of them, and the facts that decide who may know."""

    number: int
    holder: str
    program: int
    side: Side
    special: str | None
    row: Participant
    user: UserAccount | None
    enrolment: Enrolment
    canaries: dict[str, str] = field(default_factory=dict)
    """Canary → what it is: given, family, contact, place, record, guardian, account, snapshot or incident."""
    other: "Person | None" = None
    status: MatchStatus | None = None


@dataclass(eq=False)
class Principal:
    """Somebody who calls."""

    name: str
    client: Client
    role: Role | None = None
    partner: str | None = None
    person: Person | None = None
    cleared: frozenset[str] = frozenset()


def may_see(who: Principal, person: Person, what: str) -> bool:
    """The oracle: may this principal ever be shown this kind of canary of this person?"""
    if who.role is None:
        return False
    if who.person is not None:
        return who.person is person or _is_counterpart(who.person, person, what)
    if what == "account":
        is_administrator = who.role is Role.PARTNER_ADMINISTRATOR
        return is_administrator and who.partner == person.holder and person.special != "protected"
    if what == "incident":
        return who.role in WORKERS and who.partner == FOLLOWERS[person.program] and _is_told_of(who, person)
    if who.role in HANDLERS and _is_handled(who, person, what):
        return True
    is_held_back = person.special == "withdrawn" and who.partner != person.holder
    is_open = person.special != "protected" and not is_held_back
    return is_open and who.role in WORKERS and _is_shown_in_match(who, person, what)


def _is_told_of(who: Principal, reporter: Person) -> bool:
    """Whoever handles incidents, which is a duty and rests on no consent; of protected people only those cleared."""
    both = [one for one in (reporter, reporter.other) if one is not None]
    return all(one.holder in who.cleared for one in both if one.special == "protected")


def _is_handled(who: Principal, person: Person, what: str) -> bool:
    """Whoever handles people: those of the own partner, and those that its duty of screening leads to."""
    if person.special == "protected":
        return who.partner == person.holder and person.holder in who.cleared
    if who.partner == person.holder:
        return True
    if what == "snapshot":
        return who.partner == RECEIVER
    return person.special != "withdrawn" and who.partner == SCREENERS[person.program]


def _is_counterpart(caller: Person, person: Person, what: str) -> bool:
    is_open = person.special not in {"protected", "withdrawn", "anonymous"}
    is_pair = caller.other is person and person.status in BOTH_SEE
    return is_pair and is_open and what in NAMING


def _is_shown_in_match(who: Principal, person: Person, what: str) -> bool:
    if who.partner == FOLLOWERS[person.program]:
        if what == "place":
            return person.status in BEFORE_START
        return person.status in PAST_PROPOSAL and what in NAMING
    holds_other = person.other is not None and who.partner == person.other.holder
    return holds_other and person.status in BOTH_SEE and what == "given"
