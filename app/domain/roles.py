"""Which roles, duties and permissions are there? The vocabulary of authority."""

from enum import StrEnum


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
    PARTICIPANT_LINK = "participant:link"
    ATTESTATION_READ = "attestation:read"
    ATTESTATION_RECORD = "attestation:record"
    GUARDIAN_READ = "guardian:read"
    GUARDIAN_RECORD = "guardian:record"
    CONSENT_TEXT_READ = "consentText:read"
    CONSENT_TEXT_WRITE = "consentText:write"
    CONSENT_READ = "consent:read"
    CONSENT_GIVE = "consent:give"
    PROTECTION_SET = "protection:set"
    CLEARANCE_READ = "clearance:read"
    CLEARANCE_PROPOSE = "clearance:propose"
    CLEARANCE_ANSWER = "clearance:answer"
    ENROLMENT_READ = "enrolment:read"
    ENROLMENT_APPLY = "enrolment:apply"
    ENROLMENT_CREATE = "enrolment:create"
    ENROLMENT_SCREEN = "enrolment:screen"
    ENROLMENT_WITHDRAW = "enrolment:withdraw"
    ENROLMENT_EXIT = "enrolment:exit"
    REFERRAL_READ = "referral:read"
    REFERRAL_SEND = "referral:send"
    REFERRAL_ANSWER = "referral:answer"
    INFORMATION_READ = "information:read"
    INFORMATION_WRITE = "information:write"
    INFORMATION_ACKNOWLEDGE = "information:acknowledge"
    TRAINING_READ = "training:read"
    TRAINING_RECORD = "training:record"
    COURSE_READ = "course:read"
    COURSE_WRITE = "course:write"
    CURRICULUM_WRITE = "curriculum:write"
    SESSION_READ = "session:read"
    SESSION_WRITE = "session:write"
    ATTENDANCE_READ = "attendance:read"
    ATTENDANCE_RECORD = "attendance:record"
    EXPECTATION_READ = "expectation:read"
    EXPECTATION_ANSWER = "expectation:answer"
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
    DATA_READ = "data:read"
    ACCESS_READ = "access:read"
    CHANGE_READ = "change:read"
