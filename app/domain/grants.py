"""Who may do what? The grant table: the policy as data, one line for each permission."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.glossary import Sector, Side
from app.domain.roles import Level, Permission, Responsibility, Role


@dataclass(frozen=True)
class Grant:
    """What lets a permission through: a role, and at least one of the ways to reach the row.

    `duties`  the actor's partner holds one of them, at `level` or above, in the row's program today
    `founder` the actor's partner owns the program and no agreement of it has come into force yet
    `owner`   the actor's partner owns the row's program
    `holder`  the row is held by (or made for) the actor's own partner
    `named`   the row names the actor's own partner: as responsible, or as one who takes part
    `person`  the row is about the actor themself
    `author`  the actor wrote the row themself
    `party`   the actor's partner is a party of one of the program's agreements
    `ally`    the actor's partner works in the program: owns it, is a party of its agreement in force, or holds a duty today
    `enrolled` the actor themself takes part in the row's program
    `anyone`  no relation is needed: the role decides alone
    """

    roles: frozenset[Role]
    duties: frozenset[Responsibility] = frozenset()
    level: Level = Level.SUPPORTING
    founder: bool = False
    owner: bool = False
    holder: bool = False
    named: bool = False
    person: bool = False
    author: bool = False
    party: bool = False
    ally: bool = False
    enrolled: bool = False
    anyone: bool = False


R, D, P = Role, Responsibility, Permission
EVERYONE = frozenset(Role)
STAFF = frozenset({R.PARTNER_ADMINISTRATOR, R.COORDINATOR, R.CASE_HANDLER, R.SERVICE})
LEADS = frozenset({R.COORDINATOR, R.SERVICE})
HANDLERS = frozenset({R.CASE_HANDLER, R.SERVICE})
WORKERS = LEADS | HANDLERS
COLLEAGUES = frozenset(
    {R.PARTNER_ADMINISTRATOR, R.COORDINATOR, R.CASE_HANDLER}
)  # people of a partner who work together
OVERSEERS = frozenset({R.PARTNER_ADMINISTRATOR, R.PRIVACY_OFFICER})
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
    P.ME_UPDATE: Grant(EVERYONE - {R.SERVICE}, anyone=True),  # what proves who one is: people's own
    P.PARTNER_READ: Grant(READERS, anyone=True),
    P.PARTNER_CREATE: Grant(frozenset({R.SYSTEM_ADMINISTRATOR}), anyone=True),
    P.PARTNER_UPDATE: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.ADMINISTRATOR_CREATE: Grant(frozenset({R.SYSTEM_ADMINISTRATOR}), anyone=True),
    P.USER_READ: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.USER_CREATE: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.USER_UPDATE: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    # Published programs (and what lies in them) are for everyone: see features/access/visible.py.
    P.PROGRAM_READ: Grant(EVERYONE, owner=True, party=True, enrolled=True),
    P.PROGRAM_CREATE: Grant(LEADS, anyone=True),
    P.PROGRAM_UPDATE: Grant(LEADS, frozenset({D.DEFINE_PURPOSE}), founder=True),
    P.COHORT_READ: Grant(EVERYONE, owner=True, party=True, enrolled=True),
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
    P.PARTICIPANT_LINK: Grant(HANDLERS, PERSON_DUTIES, holder=True),
    P.ATTESTATION_READ: Grant(HANDLERS | PAIR, PERSON_DUTIES, holder=True, person=True),
    P.ATTESTATION_RECORD: Grant(HANDLERS, SCREENING, holder=True),
    P.GUARDIAN_READ: Grant(HANDLERS | PAIR, PERSON_DUTIES, holder=True, person=True),
    P.GUARDIAN_RECORD: Grant(HANDLERS, holder=True),
    P.CONSENT_TEXT_READ: Grant(EVERYONE, anyone=True),
    P.CONSENT_TEXT_WRITE: Grant(LEADS | {R.PARTNER_ADMINISTRATOR}, holder=True),
    P.CONSENT_READ: Grant(HANDLERS | PAIR, PERSON_DUTIES, holder=True, person=True),
    P.CONSENT_GIVE: Grant(HANDLERS | PAIR, holder=True, person=True),
    P.PROTECTION_SET: Grant(HANDLERS, holder=True),
    P.CLEARANCE_READ: Grant(STAFF | {R.PRIVACY_OFFICER}, holder=True),
    P.CLEARANCE_PROPOSE: Grant(frozenset({R.PARTNER_ADMINISTRATOR, R.COORDINATOR}), holder=True),
    P.CLEARANCE_ANSWER: Grant(frozenset({R.PARTNER_ADMINISTRATOR, R.COORDINATOR}), holder=True),
    P.ENROLMENT_READ: Grant(
        HANDLERS | PAIR, PERSON_DUTIES | TRAINING | {D.FOLLOW_UP_MATCHES, D.RECORD_OUTCOMES}, holder=True, person=True
    ),
    P.ENROLMENT_CREATE: Grant(HANDLERS, RECRUITING),
    P.ENROLMENT_APPLY: Grant(PAIR, anyone=True),  # for oneself, to a published program
    P.ENROLMENT_SCREEN: Grant(HANDLERS, SCREENING),
    P.ENROLMENT_WITHDRAW: Grant(HANDLERS | PAIR, SCREENING, holder=True, person=True),
    P.ENROLMENT_EXIT: Grant(HANDLERS, frozenset({D.RECORD_OUTCOMES})),
    P.REFERRAL_READ: Grant(HANDLERS | PAIR, holder=True, person=True),
    P.REFERRAL_SEND: Grant(HANDLERS, holder=True),
    P.REFERRAL_ANSWER: Grant(HANDLERS, holder=True),
    P.INFORMATION_READ: Grant(EVERYONE, owner=True, party=True, enrolled=True),
    P.INFORMATION_WRITE: Grant(LEADS, frozenset({D.INFORM}), founder=True),
    P.INFORMATION_ACKNOWLEDGE: Grant(HANDLERS | PAIR, SCREENING, holder=True, person=True),
    P.TRAINING_READ: Grant(HANDLERS | PAIR, TRAINING, holder=True, person=True),
    P.TRAINING_RECORD: Grant(HANDLERS, TRAINING),
    P.COURSE_READ: Grant(
        EVERYONE, owner=True, party=True, holder=True
    ),  # and shared ones: see features/access/visible.py
    P.COURSE_WRITE: Grant(LEADS, holder=True),
    P.CURRICULUM_WRITE: Grant(LEADS, TRAINING, founder=True),
    P.SESSION_READ: Grant(EVERYONE, owner=True, party=True, holder=True),  # as the course
    P.SESSION_WRITE: Grant(WORKERS, holder=True),
    P.ATTENDANCE_READ: Grant(HANDLERS | PAIR, TRAINING, holder=True, person=True),
    P.ATTENDANCE_RECORD: Grant(HANDLERS | PAIR, TRAINING, holder=True, person=True),
    P.EXPECTATION_READ: Grant(HANDLERS | PAIR, SCREENING, holder=True, person=True),
    P.EXPECTATION_ANSWER: Grant(HANDLERS | PAIR, holder=True, person=True),
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
    P.MATCH_TEXT_READ: Grant(EVERYONE, owner=True, party=True, enrolled=True),
    P.MATCH_TEXT_WRITE: Grant(LEADS, frozenset({D.SIGN_MATCH_AGREEMENTS}), founder=True),
    P.MATCH_SIGN: Grant(WORKERS | PAIR, frozenset({D.SIGN_MATCH_AGREEMENTS}), holder=True, person=True),
    P.MATCH_ACTIVATE: Grant(WORKERS, frozenset({D.SIGN_MATCH_AGREEMENTS})),
    P.MATCH_WITHDRAW: Grant(WORKERS, frozenset({D.APPROVE_MATCHES, D.SIGN_MATCH_AGREEMENTS})),
    P.MATCH_CLOSE: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.MATCH_REOPEN: Grant(WORKERS, frozenset({D.FOLLOW_UP_MATCHES})),
    P.MATCH_REMATCH: Grant(WORKERS, frozenset({D.FOLLOW_UP_MATCHES})),
    P.MATCH_VOID: Grant(WORKERS, frozenset({D.APPROVE_MATCHES, D.FOLLOW_UP_MATCHES}), Level.ACCOUNTABLE),
    P.MEETING_READ: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.MEETING_LOG: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.MEETING_CONFIRM: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.WORKPLACE_READ: Grant(EVERYONE, owner=True, party=True, enrolled=True),
    P.WORKPLACE_WRITE: Grant(WORKERS, frozenset({D.PROVIDE_HOST_PLACE})),
    P.PLACEMENT_READ: Grant(
        HANDLERS | PAIR,
        frozenset({D.PROPOSE_MATCHES, D.APPROVE_MATCHES, D.FOLLOW_UP_MATCHES, D.RECORD_OUTCOMES}),
        holder=True,
        person=True,
    ),
    P.PLACEMENT_WRITE: Grant(HANDLERS, frozenset({D.PROPOSE_MATCHES, D.APPROVE_MATCHES})),
    P.INCIDENT_REPORT: Grant(
        WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES, D.HANDLE_INCIDENTS}), holder=True, person=True
    ),
    # One partner and whoever reported it: neither supporting partners nor those who hold or follow up the two.
    P.INCIDENT_READ: Grant(WORKERS | PAIR, frozenset({D.HANDLE_INCIDENTS}), Level.ACCOUNTABLE, author=True),
    P.INCIDENT_HANDLE: Grant(WORKERS, frozenset({D.HANDLE_INCIDENTS}), Level.ACCOUNTABLE),
    P.CALENDAR_READ: Grant(PAIR | COLLEAGUES, anyone=True),  # one's own feed
    P.CALENDAR_OPEN: Grant(PAIR | COLLEAGUES, anyone=True),
    P.FOLLOW_UP_READ: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.FOLLOW_UP_SUBMIT: Grant(WORKERS | PAIR, frozenset({D.FOLLOW_UP_MATCHES}), person=True),
    P.FOLLOW_UP_WAIVE: Grant(WORKERS, frozenset({D.FOLLOW_UP_MATCHES}), Level.ACCOUNTABLE),
    P.FOLLOW_UP_RESCHEDULE: Grant(WORKERS, frozenset({D.FOLLOW_UP_MATCHES})),
    P.OVERDUE_READ: Grant(WORKERS, frozenset({D.FOLLOW_UP_MATCHES}), Level.ACCOUNTABLE),
    P.MATCH_HEALTH_READ: Grant(WORKERS, frozenset({D.FOLLOW_UP_MATCHES})),
    P.QUESTIONNAIRE_WRITE: Grant(LEADS, frozenset({D.FOLLOW_UP_MATCHES}), Level.ACCOUNTABLE, founder=True),
    P.OUTCOME_READ: Grant(HANDLERS | PAIR, frozenset({D.RECORD_OUTCOMES}), holder=True, person=True),
    P.OUTCOME_RECORD: Grant(HANDLERS, frozenset({D.RECORD_OUTCOMES})),
    P.OUTCOME_EXPORT_READ: Grant(HANDLERS, frozenset({D.RECORD_OUTCOMES, D.REPORT_TO_COMMITTEE})),
    P.HOUSEHOLD_READ: Grant(PAIR, person=True),  # the person alone: others only see sums
    P.HOUSEHOLD_ANSWER: Grant(HANDLERS | PAIR, frozenset({D.RECORD_OUTCOMES}), person=True),
    P.REPORT_READ: Grant(
        frozenset({R.COORDINATOR, R.CASE_HANDLER, R.EVALUATOR, R.SERVICE, R.PARTNER_ADMINISTRATOR}),
        frozenset({D.REPORT_TO_COMMITTEE}),
    ),
    # Sums over every published program, protected: see features/gaps.
    P.GAP_READ: Grant(STAFF | {R.EVALUATOR}, anyone=True),
    # Whom a plan names, and published ones for all staff: see features/access/visible.py.
    P.PLAN_READ: Grant(STAFF | {R.EVALUATOR}, holder=True),
    P.PLAN_CREATE: Grant(LEADS, anyone=True),
    P.PLAN_UPDATE: Grant(LEADS, holder=True),
    P.PLAN_DECIDE: Grant(frozenset({R.COORDINATOR}), holder=True),
    P.PLAN_REPORT: Grant(WORKERS, holder=True, named=True),
    P.CHANNEL_READ: Grant(COLLEAGUES, ally=True),
    P.CHANNEL_WRITE: Grant(COLLEAGUES, ally=True),
    P.CHANNEL_EDIT: Grant(COLLEAGUES, author=True),
    P.CHANNEL_MARK: Grant(COLLEAGUES, ally=True),
    P.DIGEST_READ: Grant(COLLEAGUES, anyone=True),  # one's own setting
    P.DIGEST_SET: Grant(COLLEAGUES, anyone=True),
    P.JOINT_MEETING_READ: Grant(COLLEAGUES, ally=True),
    P.JOINT_MEETING_PLAN: Grant(COLLEAGUES, ally=True),
    P.JOINT_MEETING_CHANGE: Grant(COLLEAGUES, holder=True),  # the partner that called the meeting
    P.JOINT_MEETING_ANSWER: Grant(COLLEAGUES, ally=True),
    P.DIRECTORY_READ: Grant(STAFF, ally=True),
    P.WAITING_READ: Grant(STAFF, holder=True),
    P.EFFORT_READ: Grant(STAFF | {R.EVALUATOR}, holder=True),
    P.DATA_READ: Grant(PAIR, anyone=True),  # what is stored about oneself
    P.ACCESS_READ: Grant(PAIR | {R.PRIVACY_OFFICER}, holder=True, person=True),
    P.IMPORT_READ: Grant(HANDLERS, holder=True),
    P.IMPORT_CREATE: Grant(HANDLERS, holder=True),  # and what its rows do: see features/imports/actions
    # The log is for those who answer for how people's data is used; none of it is content.
    P.USER_ACCESS_READ: Grant(OVERSEERS, holder=True),
    P.EXPOSURE_READ: Grant(frozenset({R.PRIVACY_OFFICER}), holder=True),
    P.ACCESS_REVIEW_READ: Grant(OVERSEERS, holder=True),
    P.ACCESS_REVIEW_SIGN: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.AUDIT_SEAL_READ: Grant(frozenset({R.PRIVACY_OFFICER, R.SYSTEM_ADMINISTRATOR}), anyone=True),
    P.CHANGE_READ: Grant(WORKERS, anyone=True),  # each row by the read permission of what changed
    P.WEBHOOK_READ: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.WEBHOOK_WRITE: Grant(frozenset({R.PARTNER_ADMINISTRATOR}), holder=True),
    P.DATA_REQUEST_READ: Grant(COLLEAGUES | PAIR | {R.PRIVACY_OFFICER}, holder=True, person=True),
    P.DATA_REQUEST_MAKE: Grant(frozenset({R.CASE_HANDLER}) | PAIR, holder=True, person=True),
    P.DATA_REQUEST_ASSESS: Grant(frozenset({R.CASE_HANDLER}), holder=True),
    # The data protection officer advises and watches, and decides nothing.
    P.DATA_REQUEST_DECIDE: Grant(COLLEAGUES, holder=True),
    P.DATA_EXPORT_READ: Grant(frozenset({R.CASE_HANDLER}) | PAIR, holder=True, person=True),
    P.RESTRICTION_LIFT: Grant(frozenset({R.CASE_HANDLER}), holder=True),
    P.ERASURE_READ: Grant(COLLEAGUES | {R.PRIVACY_OFFICER}, holder=True),
    P.ERASURE_APPROVE: Grant(COLLEAGUES, holder=True),
}

ONLY_BY: Mapping[Responsibility, frozenset[Sector]] = {
    # Volontärbyrån takes openings of associations, not of public bodies or companies.
    Responsibility.PUBLISH_OPENING: frozenset({Sector.CIVIL_SOCIETY}),
}
"""Duties that only partners of these sectors may hold, accountable or supporting."""

PERSONAL: frozenset[Permission] = frozenset(
    {
        P.PARTICIPANT_READ,
        P.ATTESTATION_READ,
        P.GUARDIAN_READ,
        P.CONSENT_READ,
        P.ENROLMENT_READ,
        P.REFERRAL_READ,
        P.ATTENDANCE_READ,
        P.EXPECTATION_READ,
        P.DATA_READ,
        P.INFORMATION_ACKNOWLEDGE,
        P.TRAINING_READ,
        P.MATCH_RUN_READ,
        P.MATCH_READ,
        P.MEETING_READ,
        P.INCIDENT_READ,
        P.PLACEMENT_READ,
        P.FOLLOW_UP_READ,
        P.OVERDUE_READ,
        P.MATCH_HEALTH_READ,
        P.OUTCOME_READ,
        P.HOUSEHOLD_READ,
        P.IMPORT_READ,
        P.DATA_REQUEST_READ,
        P.DATA_EXPORT_READ,
    }
)
"""Reads that touch personal data: each use leaves an access record."""

CONVERSATIONS: frozenset[Permission] = frozenset({P.CHANNEL_READ, P.JOINT_MEETING_READ, P.WEBHOOK_READ})
"""Reads of what colleagues say to each other, and of where a partner's systems listen: kept inside by the database too, without a record of each reading."""

WHILE_RESTRICTED: frozenset[Permission] = frozenset(
    {
        P.DATA_REQUEST_MAKE,
        P.DATA_REQUEST_ASSESS,
        P.DATA_REQUEST_DECIDE,
        P.RESTRICTION_LIFT,
        P.ERASURE_APPROVE,
        P.PROTECTION_SET,
        P.CONSENT_GIVE,
        P.INCIDENT_REPORT,
        P.INCIDENT_HANDLE,
    }
)
"""What others may still do about a person whose data is only stored: deal with that person's rights, and protect people."""


def may_hold(duty: Responsibility, sector: Sector) -> bool:
    """Whether an agreement may give this duty to a partner of this sector."""
    return duty not in ONLY_BY or sector in ONLY_BY[duty]
