"""Who may do what? Roles, duties and the grant table: the policy as data, and the one decision over it.

A role says what kind of user someone is (it stands in the token). A duty says what the user's partner answers
for in a program (it comes from the agreement in force, never from the token). `decide` needs both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.glossary import Side


class Role(StrEnum):
    """What kind of user; a ceiling for what the person may ever do."""

    SYSTEM_ADMINISTRATOR = "systemAdministrator"  # runs the system, sees no personal data
    PRIVACY_OFFICER = "privacyOfficer"  # dataskyddsombud: access log and registers, no content
    PARTNER_ADMINISTRATOR = "partnerAdministrator"  # own partner's users and agreements
    COORDINATOR = "coordinator"  # samordnare: programs, agreements, runs, matches, counts
    CASE_HANDLER = "caseHandler"  # handläggare: persons
    MENTOR = "mentor"
    MENTEE = "mentee"
    EVALUATOR = "evaluator"  # statistics only
    SERVICE = "service"  # a partner's own system


class Responsibility(StrEnum):
    """The duties (ansvar) that an agreement splits between partners."""

    DEFINE_PURPOSE = "definePurpose"
    INFORM = "inform"
    RECRUIT_MENTEES = "recruitMentees"
    RECRUIT_MENTORS = "recruitMentors"
    SCREEN_MENTEES = "screenMentees"
    SCREEN_MENTORS = "screenMentors"
    TRAIN_MENTEES = "trainMentees"
    TRAIN_MENTORS = "trainMentors"
    PROPOSE_MATCHES = "proposeMatches"
    APPROVE_MATCHES = "approveMatches"
    SIGN_MATCH_AGREEMENTS = "signMatchAgreements"
    FOLLOW_UP_MATCHES = "followUpMatches"
    HANDLE_INCIDENTS = "handleIncidents"
    RECORD_OUTCOMES = "recordOutcomes"
    REPORT_TO_COMMITTEE = "reportToCommittee"
    HOLD_PERSONAL_DATA = "holdPersonalData"
    PROVIDE_HOST_PLACE = "provideHostPlace"
    PUBLISH_OPENING = "publishOpening"
    FUND = "fund"


class Level(StrEnum):
    """How a partner holds a duty: at most one is accountable on a day, any number support."""

    ACCOUNTABLE = "accountable"  # ansvarig
    SUPPORTING = "supporting"  # stödjande


class Permission(StrEnum):
    """What an operation requires, as `resource:action`."""

    ME_READ = "me:read"
    PARTNER_READ = "partner:read"
    PARTNER_CREATE = "partner:create"
    PARTNER_UPDATE = "partner:update"
    ADMINISTRATOR_CREATE = "administrator:create"
    USER_READ = "user:read"
    USER_CREATE = "user:create"
    USER_UPDATE = "user:update"
    PROGRAM_READ = "program:read"
    PROGRAM_CREATE = "program:create"
    PROGRAM_UPDATE = "program:update"
    COHORT_READ = "cohort:read"
    COHORT_CREATE = "cohort:create"
    COHORT_UPDATE = "cohort:update"
    COHORT_OPEN = "cohort:open"
    AGREEMENT_READ = "agreement:read"
    AGREEMENT_DRAFT = "agreement:draft"
    AGREEMENT_SIGN = "agreement:sign"
    AGREEMENT_END = "agreement:end"
    HANDOVER_READ = "handover:read"
    HANDOVER_PROPOSE = "handover:propose"
    HANDOVER_ANSWER = "handover:answer"
    READINESS_READ = "readiness:read"
    PARTICIPANT_READ = "participant:read"
    PARTICIPANT_CREATE = "participant:create"
    PARTICIPANT_UPDATE = "participant:update"
    PARTICIPANT_INVITE = "participant:invite"
    ENROLMENT_READ = "enrolment:read"
    ENROLMENT_CREATE = "enrolment:create"
    ENROLMENT_SCREEN = "enrolment:screen"
    ENROLMENT_WITHDRAW = "enrolment:withdraw"
    ENROLMENT_EXIT = "enrolment:exit"
    INFORMATION_READ = "information:read"
    INFORMATION_WRITE = "information:write"
    INFORMATION_ACKNOWLEDGE = "information:acknowledge"
    TRAINING_READ = "training:read"
    TRAINING_RECORD = "training:record"
    MATCHING_POLICY_READ = "matchingPolicy:read"
    MATCHING_POLICY_WRITE = "matchingPolicy:write"
    MATCH_RUN_READ = "matchRun:read"
    MATCH_RUN_CREATE = "matchRun:create"
    MATCH_RUN_CANCEL = "matchRun:cancel"
    MATCH_RUN_APPROVE = "matchRun:approve"
    MATCH_READ = "match:read"
    MATCH_ANSWER = "match:answer"
    MATCH_ACTIVATE = "match:activate"
    MATCH_CLOSE = "match:close"
    MEETING_READ = "meeting:read"
    MEETING_LOG = "meeting:log"
    MEETING_CONFIRM = "meeting:confirm"
    FOLLOW_UP_READ = "followUp:read"
    FOLLOW_UP_SUBMIT = "followUp:submit"
    FOLLOW_UP_WAIVE = "followUp:waive"
    OUTCOME_READ = "outcome:read"
    OUTCOME_RECORD = "outcome:record"
    REPORT_READ = "report:read"
    CHANGE_READ = "change:read"


@dataclass(frozen=True)
class Grant:
    """What lets a permission through: a role, and at least one of the ways to reach the row.

    `duties`  the actor's partner holds one of them, at `level` or above, in the row's program today
    `founder` the actor's partner owns the program and no agreement of it has come into force yet
    `owner`   the actor's partner owns the row's program
    `holder`  the row is held by (or made for) the actor's own partner
    `person`  the row is about the actor themself
    `party`   the actor's partner is a party of one of the program's agreements
    `anyone`  no relation is needed: the role decides alone
    """

    roles: frozenset[Role]
    duties: frozenset[Responsibility] = frozenset()
    level: Level = Level.SUPPORTING
    founder: bool = False
    owner: bool = False
    holder: bool = False
    person: bool = False
    party: bool = False
    anyone: bool = False


R, D, P = Role, Responsibility, Permission
EVERYONE = frozenset(Role)
STAFF = frozenset({R.PARTNER_ADMINISTRATOR, R.COORDINATOR, R.CASE_HANDLER, R.SERVICE})
LEADS = frozenset({R.COORDINATOR, R.SERVICE})
HANDLERS = frozenset({R.CASE_HANDLER, R.SERVICE})
WORKERS = LEADS | HANDLERS
PAIR = frozenset({R.MENTOR, R.MENTEE})
READERS = STAFF | {R.SYSTEM_ADMINISTRATOR, R.PRIVACY_OFFICER, R.EVALUATOR}
RECRUITING = frozenset({D.RECRUIT_MENTEES, D.RECRUIT_MENTORS})
SCREENING = frozenset({D.SCREEN_MENTEES, D.SCREEN_MENTORS})
TRAINING = frozenset({D.TRAIN_MENTEES, D.TRAIN_MENTORS})
DUTIES_OF_SIDE: Mapping[Side, frozenset[Responsibility]] = {
    Side.MENTOR: frozenset({D.RECRUIT_MENTORS, D.SCREEN_MENTORS, D.TRAIN_MENTORS}),
    Side.MENTEE: frozenset({D.RECRUIT_MENTEES, D.SCREEN_MENTEES, D.TRAIN_MENTEES}),
}
SIDED = DUTIES_OF_SIDE[Side.MENTOR] | DUTIES_OF_SIDE[Side.MENTEE]
PERSON_DUTIES = SCREENING | {D.HOLD_PERSONAL_DATA}

GRANTS: Mapping[Permission, Grant] = {
    P.ME_READ: Grant(EVERYONE, anyone=True),
    P.PARTNER_READ: Grant(READERS, anyone=True),
    P.PARTNER_CREATE: Grant(frozenset({R.SYSTEM_ADMINISTRATOR}), anyone=True),
    P.PARTNER_UPDATE: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.ADMINISTRATOR_CREATE: Grant(frozenset({R.SYSTEM_ADMINISTRATOR}), anyone=True),
    P.USER_READ: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.USER_CREATE: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.USER_UPDATE: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.PROGRAM_READ: Grant(EVERYONE, owner=True, party=True),  # published programs: see features/access/visible.py
    P.PROGRAM_CREATE: Grant(LEADS, anyone=True),
    P.PROGRAM_UPDATE: Grant(LEADS, frozenset({D.DEFINE_PURPOSE}), founder=True),
    P.COHORT_READ: Grant(EVERYONE, owner=True, party=True),
    P.COHORT_CREATE: Grant(LEADS, frozenset({D.DEFINE_PURPOSE}), founder=True),
    P.COHORT_UPDATE: Grant(LEADS, frozenset({D.DEFINE_PURPOSE}), founder=True),
    P.COHORT_OPEN: Grant(LEADS, frozenset({D.DEFINE_PURPOSE}), Level.ACCOUNTABLE, founder=True),
    P.AGREEMENT_READ: Grant(STAFF | {R.SYSTEM_ADMINISTRATOR}, owner=True, party=True),
    P.AGREEMENT_DRAFT: Grant(frozenset({R.COORDINATOR}), frozenset({D.DEFINE_PURPOSE}), owner=True),
    P.AGREEMENT_SIGN: Grant(frozenset({R.COORDINATOR}), party=True),
    P.AGREEMENT_END: Grant(frozenset({R.COORDINATOR}), party=True),
    P.HANDOVER_READ: Grant(STAFF, owner=True, party=True, holder=True),
    P.HANDOVER_PROPOSE: Grant(frozenset({R.COORDINATOR}), frozenset(D), Level.ACCOUNTABLE),
    P.HANDOVER_ANSWER: Grant(frozenset({R.COORDINATOR}), holder=True),
    P.READINESS_READ: Grant(STAFF, owner=True, party=True),
    P.PARTICIPANT_READ: Grant(HANDLERS | PAIR, PERSON_DUTIES, holder=True, person=True),
    P.PARTICIPANT_CREATE: Grant(HANDLERS, holder=True),
    P.PARTICIPANT_UPDATE: Grant(HANDLERS | PAIR, holder=True, person=True),
    P.PARTICIPANT_INVITE: Grant(HANDLERS, holder=True),
    P.ENROLMENT_READ: Grant(
        HANDLERS | PAIR, PERSON_DUTIES | TRAINING | {D.FOLLOW_UP_MATCHES, D.RECORD_OUTCOMES}, holder=True, person=True
    ),
    P.ENROLMENT_CREATE: Grant(HANDLERS, RECRUITING),
    P.ENROLMENT_SCREEN: Grant(HANDLERS, SCREENING),
    P.ENROLMENT_WITHDRAW: Grant(HANDLERS | PAIR, SCREENING, holder=True, person=True),
    P.ENROLMENT_EXIT: Grant(HANDLERS, frozenset({D.RECORD_OUTCOMES})),
    P.INFORMATION_READ: Grant(EVERYONE, owner=True, party=True),
    P.INFORMATION_WRITE: Grant(LEADS, frozenset({D.INFORM}), founder=True),
    P.INFORMATION_ACKNOWLEDGE: Grant(HANDLERS | PAIR, SCREENING, holder=True, person=True),
    P.TRAINING_READ: Grant(HANDLERS | PAIR, TRAINING, holder=True, person=True),
    P.TRAINING_RECORD: Grant(HANDLERS, TRAINING),
    P.MATCHING_POLICY_READ: Grant(STAFF, owner=True, party=True),
    P.MATCHING_POLICY_WRITE: Grant(LEADS, frozenset({D.PROPOSE_MATCHES}), founder=True),
    P.MATCH_RUN_READ: Grant(WORKERS, frozenset({D.PROPOSE_MATCHES, D.APPROVE_MATCHES})),
    P.MATCH_RUN_CREATE: Grant(WORKERS, frozenset({D.PROPOSE_MATCHES})),
    P.MATCH_RUN_CANCEL: Grant(WORKERS, frozenset({D.PROPOSE_MATCHES})),
    P.MATCH_RUN_APPROVE: Grant(WORKERS, frozenset({D.APPROVE_MATCHES}), Level.ACCOUNTABLE),
    P.MATCH_READ: Grant(
        WORKERS | PAIR,
        frozenset({D.PROPOSE_MATCHES, D.APPROVE_MATCHES, D.SIGN_MATCH_AGREEMENTS, D.FOLLOW_UP_MATCHES}),
        holder=True,
        person=True,
    ),
    P.MATCH_ANSWER: Grant(HANDLERS | PAIR, holder=True, person=True),
    P.MATCH_ACTIVATE: Grant(WORKERS, frozenset({D.SIGN_MATCH_AGREEMENTS})),
    P.MATCH_CLOSE: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.MEETING_READ: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.MEETING_LOG: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.MEETING_CONFIRM: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.FOLLOW_UP_READ: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.FOLLOW_UP_SUBMIT: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.FOLLOW_UP_WAIVE: Grant(WORKERS, frozenset({D.FOLLOW_UP_MATCHES}), Level.ACCOUNTABLE),
    P.OUTCOME_READ: Grant(HANDLERS | PAIR, frozenset({D.RECORD_OUTCOMES}), holder=True, person=True),
    P.OUTCOME_RECORD: Grant(HANDLERS, frozenset({D.RECORD_OUTCOMES})),
    P.REPORT_READ: Grant(
        frozenset({R.COORDINATOR, R.EVALUATOR, R.SERVICE, R.PARTNER_ADMINISTRATOR}),
        frozenset({D.REPORT_TO_COMMITTEE}),
    ),
    P.CHANGE_READ: Grant(WORKERS, anyone=True),  # each row by the read permission of what changed
}

PERSONAL: frozenset[Permission] = frozenset(
    {
        P.PARTICIPANT_READ,
        P.ENROLMENT_READ,
        P.INFORMATION_ACKNOWLEDGE,
        P.TRAINING_READ,
        P.MATCH_RUN_READ,
        P.MATCH_READ,
        P.MEETING_READ,
        P.FOLLOW_UP_READ,
        P.OUTCOME_READ,
    }
)
"""Reads that touch personal data: each use leaves an access record."""


@dataclass(frozen=True)
class Held:
    """One duty as a partner holds it in a program today."""

    program_id: UUID
    duty: Responsibility
    level: Level


@dataclass(frozen=True)
class Actor:
    """Who acts, as the database knows them at this moment; detached from session and token."""

    user_id: UUID
    role: Role
    partner_id: UUID | None
    scopes: frozenset[str] | None = None
    duties: frozenset[Held] = frozenset()
    founding: frozenset[UUID] = frozenset()
    owned: frozenset[UUID] = frozenset()
    parties: frozenset[UUID] = frozenset()
    persons: frozenset[UUID] = frozenset()

    def has_role_for(self, permission: Permission) -> bool:
        """Does the role (and, for services, the scope) allow this permission at all?"""
        in_scope = self.scopes is None or permission.value in self.scopes
        return in_scope and self.role in GRANTS[permission].roles

    def programs_for(self, permission: Permission, side: Side | None = None) -> frozenset[UUID]:
        """The programs where a duty, founding, owning or being a party carries the permission (for rows of `side`).

        Duties belong to the partner's staff: a mentor or mentee whom the partner holds acts for themself only.
        """
        if self.role in PAIR:
            return frozenset()
        grant = GRANTS[permission]
        found = {held.program_id for held in self.duties if carries(held, grant, side)}
        if grant.founder:
            found |= self.founding
        if grant.owner:
            found |= self.owned
        if grant.party:
            found |= self.parties
        return frozenset(found)


@dataclass(frozen=True)
class Row:
    """What a row says about itself: the program it belongs to, its side, who holds it, whom it is about."""

    side: Side | None = None
    program_id: UUID | None = None
    holders: frozenset[UUID] = frozenset()
    persons: frozenset[UUID] = frozenset()


class Verdict(StrEnum):
    ALLOWED = "allowed"
    ROLE_LACKS = "roleLacks"  # the role or the scope can never do this
    DUTY_LACKS = "dutyLacks"  # the partner does not hold a duty that carries it


def decide(actor: Actor, permission: Permission, row: Row) -> Verdict:
    """The one decision: role and scope, then at least one of the grant's ways to reach the row."""
    if not actor.has_role_for(permission):
        return Verdict.ROLE_LACKS
    grant = GRANTS[permission]
    reaches = (
        grant.anyone
        or (row.program_id is not None and row.program_id in actor.programs_for(permission, row.side))
        or (grant.holder and actor.role not in PAIR and actor.partner_id in row.holders)
        or (grant.person and not actor.persons.isdisjoint(row.persons))
    )
    return Verdict.ALLOWED if reaches else Verdict.DUTY_LACKS


def permissions_in(actor: Actor, program_id: UUID | None) -> dict[Permission, frozenset[Held]]:
    """What the actor may do in a program, each with the duties it rests on (empty: by role, founding or party)."""
    found: dict[Permission, frozenset[Held]] = {}
    for permission, grant in GRANTS.items():
        if not actor.has_role_for(permission):
            continue
        if grant.anyone or program_id in actor.programs_for(permission):
            found[permission] = frozenset(
                held for held in actor.duties if held.program_id == program_id and carries(held, grant)
            )
    return found


def carries(held: Held, grant: Grant, side: Side | None = None) -> bool:
    """Does this held duty carry the grant, for rows of `side` (None: for either side)?"""
    right_side = side is None or held.duty not in SIDED or held.duty in DUTIES_OF_SIDE[side]
    right_level = held.level is Level.ACCOUNTABLE or grant.level is Level.SUPPORTING
    return held.duty in grant.duties and right_side and right_level
