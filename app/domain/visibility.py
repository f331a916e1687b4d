"""Who sees which field of a person in a pair, and when? One table; everything that shows people of a match reads it.

A cell lists the stages of the match at which the audience sees the field:
`P` proposed, until both have accepted (`p`: only when the person consents to be shown in proposals) · `A` accepted and
prepared · `S` started, also on hold · `E` ended after a start · `C` called off before one · `-` never.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.access import Actor
from app.domain.glossary import Side
from app.domain.grants import PAIR
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Permission, Responsibility


class FieldClass(StrEnum):
    """How careful to be with a field."""

    IDENTITY = "identity"  # says who it is
    CONTACT = "contact"  # reaches the person
    SENSITIVE = "sensitive"  # background: never told to the other side
    PROFILE = "profile"  # what the person brings to the pair; says nothing of who it is


class Audience(StrEnum):
    """In which capacity somebody looks. Who looks in several sees what any of them sees."""

    SELF = "self"
    HOLDER = "holder"  # case handlers (and systems) of the partner that holds the person
    DUTY = "duty"  # those of partners that screen this side, or answer for the personal data
    MATCHER = "matcher"  # who proposes or approves matches
    FOLLOWER = "follower"  # who signs the match agreements or follows the matches up
    COUNTERPART = "counterpart"  # the other person of the pair
    COUNTERPART_HOLDER = "counterpartHolder"  # staff of the partner that holds the other person


class Stage(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    STARTED = "started"
    ENDED = "ended"
    CALLED_OFF = "calledOff"


ID, CT, SN, PR = FieldClass.IDENTITY, FieldClass.CONTACT, FieldClass.SENSITIVE, FieldClass.PROFILE
# fmt: off
TABLE: Mapping[str, tuple[FieldClass, str, str, str, str, str, str, str]] = {
    # field                class self     holder   duty     matcher follower counterpart counterpartHolder
    "given_name":          (ID, "PASEC", "PASEC", "PASEC", "-",    "ASE",   "AS",       "AS"),
    "family_name":         (ID, "PASEC", "PASEC", "PASEC", "-",    "ASE",   "AS",       "-"),
    "email":               (CT, "PASEC", "PASEC", "PASEC", "-",    "ASE",   "AS",       "-"),
    "phone":               (CT, "PASEC", "PASEC", "PASEC", "-",    "ASE",   "AS",       "-"),
    "born_on":             (ID, "PASEC", "PASEC", "PASEC", "-",    "-",     "-",        "-"),
    "birth_year":          (SN, "PASEC", "PASEC", "PASEC", "-",    "-",     "-",        "-"),
    "gender":              (SN, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "municipality_code":   (SN, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "district":            (SN, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "accepts_gender":      (SN, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "accepts_age_groups":  (SN, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "employer_partner_id": (SN, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "languages":           (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "pAS",      "pAS"),
    "occupation_code":     (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "pAS",      "pAS"),
    "skills":              (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "pAS",      "pAS"),
    "is_business_owner":   (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "pAS",      "pAS"),
    "goals":               (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "pAS",      "pAS"),
    "interests":           (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "pAS",      "pAS"),
    "has_remote":          (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "pAS",      "pAS"),
    "availability":        (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "mentor_capacity":     (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "is_anonymous":        (PR, "PASEC", "PASEC", "PASEC", "PA",   "-",     "-",        "-"),
    "person_id":           (ID, "PASEC", "PASEC", "PASEC", "-",    "-",     "-",        "-"),
    "external_system":     (ID, "PASEC", "PASEC", "-",     "-",    "-",     "-",        "-"),
    "external_id":         (ID, "PASEC", "PASEC", "-",     "-",    "-",     "-",        "-"),
    "protection":          (SN, "PASEC", "PASEC", "-",     "-",    "-",     "-",        "-"),
}
# fmt: on
NAMING = frozenset({FieldClass.IDENTITY, FieldClass.CONTACT})
_LETTERS = {
    Stage.PROPOSED: "P",
    Stage.ACCEPTED: "A",
    Stage.STARTED: "S",
    Stage.ENDED: "E",
    Stage.CALLED_OFF: "C",
}
_STAGES = {
    Stage.PROPOSED: (MatchStatus.PROPOSED, MatchStatus.ACCEPTED_BY_MENTOR, MatchStatus.ACCEPTED_BY_MENTEE),
    Stage.ACCEPTED: (MatchStatus.ACCEPTED, MatchStatus.PREPARED),
    Stage.STARTED: (MatchStatus.ACTIVE, MatchStatus.ON_HOLD, MatchStatus.CLOSING),
    Stage.ENDED: (MatchStatus.CLOSED,),
    Stage.CALLED_OFF: (MatchStatus.DECLINED, MatchStatus.EXPIRED, MatchStatus.WITHDRAWN, MatchStatus.VOID),
}
STAGE_OF: Mapping[MatchStatus, Stage] = {status: stage for stage, found in _STAGES.items() for status in found}


@dataclass(frozen=True)
class Subject:
    """One person of a pair, as far as it decides who sees what of them."""

    side: Side
    program_id: UUID
    participant_id: UUID
    partner_id: UUID
    other_participant_id: UUID
    other_partner_id: UUID
    stage: Stage
    is_shown_in_proposals: bool = False
    """The person consents to be shown to the other side before both have accepted."""
    is_anonymous: bool = False
    is_protected: bool = False
    has_withdrawn: bool = False
    """The consent that this program rests on is withdrawn, or the data is only stored: nobody but the holder's staff sees it."""


def fields_shown(actor: Actor, subject: Subject) -> frozenset[str]:
    """The fields of the person that the actor sees now."""
    seen = audiences_of(actor, subject)
    letters = {_LETTERS[subject.stage]}
    if subject.is_shown_in_proposals:
        letters.add(_LETTERS[subject.stage].lower())
    places = [place for place, audience in enumerate(Audience, start=1) if audience in seen]
    return frozenset(
        field
        for field, row in TABLE.items()
        if not (subject.is_anonymous and row[0] in NAMING) and any(letters.intersection(row[place]) for place in places)
    )


def audiences_of(actor: Actor, subject: Subject) -> frozenset[Audience]:
    """In which capacities the actor looks at the person; none for everybody who has nothing to do with them."""
    if subject.participant_id in actor.persons:
        return frozenset({Audience.SELF})
    if actor.role in PAIR:
        is_other = subject.other_participant_id in actor.persons
        is_open = not (subject.is_protected or subject.is_anonymous or subject.has_withdrawn)
        return frozenset({Audience.COUNTERPART}) if is_other and is_open else frozenset()
    found = _capacities(actor, subject)
    if subject.is_protected:
        found = found & {Audience.HOLDER} if subject.partner_id in actor.cleared else frozenset()
    elif (subject.is_anonymous or subject.has_withdrawn) and actor.partner_id != subject.partner_id:
        found = frozenset()
    return found


def _capacities(actor: Actor, subject: Subject) -> frozenset[Audience]:
    """Of staff, before concealment. A partner's own system needs the scope of reading people for any of them."""
    handles = actor.has_role_for(Permission.PARTICIPANT_READ)
    if not actor.has_role_for(Permission.MATCH_READ) or (actor.scopes is not None and not handles):
        return frozenset()
    duties = {held.duty for held in actor.duties if held.program_id == subject.program_id}
    answers_for = subject.program_id in actor.programs_for(Permission.PARTICIPANT_READ, subject.side)
    holds = {
        Audience.HOLDER: handles and actor.partner_id == subject.partner_id,
        Audience.DUTY: handles and answers_for,
        Audience.MATCHER: not duties.isdisjoint(_MATCHING),
        Audience.FOLLOWER: not duties.isdisjoint(_FOLLOWING),
        Audience.COUNTERPART_HOLDER: actor.partner_id == subject.other_partner_id,
    }
    return frozenset(audience for audience, is_held in holds.items() if is_held)


_MATCHING = frozenset({Responsibility.PROPOSE_MATCHES, Responsibility.APPROVE_MATCHES})
_FOLLOWING = frozenset({Responsibility.SIGN_MATCH_AGREEMENTS, Responsibility.FOLLOW_UP_MATCHES})
