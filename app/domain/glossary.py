"""Which words does the system use? Enumerations that have no more specific home; Swedish terms in the comments."""

from enum import StrEnum


class Sector(StrEnum):
    """What kind of organisation a partner (samarbetspartner) is. Sector is not function."""

    MUNICIPALITY = "municipality"  # kommun
    BUSINESS = "business"  # näringsliv
    CIVIL_SOCIETY = "civilSociety"  # civilsamhälle: förening, stiftelse, trossamfund
    COORDINATION_ASSOCIATION = "coordinationAssociation"  # samordningsförbund
    PUBLIC_AGENCY = "publicAgency"  # myndighet
    REGION = "region"  # region


class ProgramKind(StrEnum):
    MENTORING = "mentoring"  # mentorskap
    INTERNSHIP = "internship"  # praktik
    TRAINEE = "trainee"  # trainee
    COACHING_PROJECT = "coachingProject"  # projekt med coachning
    INTRODUCTION_MEETING = "introductionMeeting"  # ett enda möte, dörröppnare


class Category(StrEnum):
    """The three categories of the 2014 survey, and the rest."""

    PROFESSIONAL_PEERS = "professionalPeers"  # professionskollegor, inkl. egna företagare
    WOMEN_WITH_IMMIGRANT_BACKGROUND = "womenWithImmigrantBackground"  # kvinnor med invandrarbakgrund
    YOUTH = "youth"  # ungdomar
    OTHER = "other"


class Listing(StrEnum):
    LISTED = "listed"  # befintligt: drivs av någon annan, bara beskrivet
    ADOPTED = "adopted"  # anslutet: ett avtal finns här
    OWN = "own"  # eget


class Side(StrEnum):
    """The role a person has in an enrolment or a pair."""

    MENTOR = "mentor"
    MENTEE = "mentee"  # adept


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


class CefrLevel(StrEnum):
    """Common European Framework of Reference for languages, ordered; `native` is above C2."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "native"  # modersmål

    @property
    def rank(self) -> int:
        """1 for A1 … 7 for native; a person at rank r meets every demand up to r."""
        return list(CefrLevel).index(self) + 1


class MeetingMode(StrEnum):
    IN_PERSON = "inPerson"
    VIDEO = "video"
    PHONE = "phone"


class Goal(StrEnum):
    """What the pair works towards; a closed list, so that no free text about a person is needed."""

    FIND_WORK = "findWork"
    START_BUSINESS = "startBusiness"
    CHOOSE_STUDIES = "chooseStudies"
    VALIDATE_PROFESSION = "validateProfession"
    SWEDISH_AT_WORK = "swedishAtWork"
    BUILD_NETWORK = "buildNetwork"
    UNDERSTAND_WORKING_LIFE = "understandWorkingLife"


class Interest(StrEnum):
    """What people like to do in their free time; a closed list, for common ground and never for who is served."""

    ANIMALS = "animals"  # djur
    ART_AND_CULTURE = "artAndCulture"  # konst och kultur
    ASSOCIATIONS = "associations"  # föreningsliv
    COOKING = "cooking"  # matlagning
    FAMILY_LIFE = "familyLife"  # familjeliv
    GAMES = "games"  # spel
    GARDENING = "gardening"  # odling
    HANDICRAFTS = "handicrafts"  # hantverk
    LANGUAGES = "languages"  # språk
    MUSIC = "music"  # musik
    OUTDOOR_LIFE = "outdoorLife"  # friluftsliv
    READING = "reading"  # läsning
    SOCIETY = "society"  # samhällsfrågor
    SPORTS = "sports"  # idrott
    TECHNOLOGY = "technology"  # teknik
    TRAVEL = "travel"  # resor


class AgeGroup(StrEnum):
    """Whom a person would rather meet, by age; groups, so that nobody's birth date is compared."""

    UNDER_18 = "under18"
    FROM_18_TO_24 = "from18To24"
    FROM_25_TO_39 = "from25To39"
    FROM_40_TO_54 = "from40To54"
    FROM_55 = "from55"


class RuledOut(StrEnum):
    """Why two people are never proposed to each other."""

    DECLINED = "declined"  # one of them has declined the other
    OWN_CASE_WORKER = "ownCaseWorker"  # den ena handlägger den andras ärende
    SAME_HOUSEHOLD = "sameHousehold"  # samma hushåll
    BY_STAFF = "byStaff"  # bortvalt av handläggare


class TargetOutcome(StrEnum):
    """What a program's purpose can be measured by."""

    STARTED_WORK = "startedWork"
    STARTED_STUDIES = "startedStudies"
    STARTED_BUSINESS = "startedBusiness"
    SELF_SUFFICIENT = "selfSufficient"  # egen försörjning genom arbete eller studier
    COMPLETED_MATCHES = "completedMatches"
    PEOPLE_ENROLLED = "peopleEnrolled"


class ExitReason(StrEnum):
    """Why an enrolment ended (avslutsanledning); planned ends and interruptions are told apart."""

    PLANNED_END = "plannedEnd"  # avslutad enligt plan
    GOAL_REACHED = "goalReached"  # målet nått tidigare, till exempel fått arbete
    NO_LONGER_RELEVANT = "noLongerRelevant"  # inte längre aktuell
    INTERRUPTED = "interrupted"  # avbruten: deltagaren lämnar eller återkallar samtycke
    MOVED = "moved"
    OTHER = "other"


class ClosureCause(StrEnum):
    """Why a match ended."""

    NATURAL_END = "naturalEnd"
    GOAL_REACHED = "goalReached"  # for instance: got work
    MENTOR_CAUSE = "mentorCause"
    MENTEE_CAUSE = "menteeCause"
    NO_CONTACT = "noContact"
    SAFETY = "safety"
    OTHER = "other"


class MeetingTopic(StrEnum):
    """What a meeting was about, by code: never free text about a person."""

    GOALS = "goals"
    APPLICATIONS = "applications"
    NETWORK = "network"
    PROFESSION = "profession"
    STUDIES = "studies"
    BUSINESS_PLAN = "businessPlan"
    LANGUAGE = "language"
    WORKING_LIFE = "workingLife"
    WORKPLACE_VISIT = "workplaceVisit"


class StatusReason(StrEnum):
    """Why an enrolment was turned down, paused, put in the queue or withdrawn; closed, so that nothing on health fits."""

    CRITERIA_NOT_MET = "criteriaNotMet"
    NO_TIME_NOW = "noTimeNow"
    NO_PLACE = "noPlace"
    NO_CONTACT = "noContact"
    NO_LONGER_INTERESTED = "noLongerInterested"
    FOUND_WORK = "foundWork"
    STARTED_STUDIES = "startedStudies"
    OTHER_PROGRAM_FITS = "otherProgramFits"
    MOVED = "moved"
    DUPLICATE = "duplicate"
    PERSONAL_REASONS = "personalReasons"
    OTHER = "other"


class TrainingTopic(StrEnum):
    """What a training was about. The topics of Elements of Effective Practice for Mentoring, standard 3."""

    REQUIREMENTS = "requirements"  # programmets krav
    GOALS = "goals"
    EXPECTATIONS = "expectations"
    ROLES = "roles"
    RELATIONSHIP = "relationship"  # att börja och vårda relationen
    ETHICS = "ethics"
    SAFETY = "safety"
    CLOSURE = "closure"  # avslut
    HELP = "help"  # var hjälp finns
    POPULATION = "population"  # deltagarnas villkor
    INITIATING = "initiating"
    FAMILY = "family"


class LegalGround(StrEnum):
    """On what ground partners other than the holder work with a person's data (GDPR article 6)."""

    CONSENT = "consent"  # samtycke: holds until it is withdrawn
    PUBLIC_INTEREST = "publicInterest"  # uppgift av allmänt intresse: public bodies only
    CONTRACT = "contract"  # avtal, till exempel volontäröverenskommelse


class ConsentPurpose(StrEnum):
    """What a person can consent to; each consent names its recipient: a program's partners, or one partner."""

    SHARE_IN_PROGRAM = "shareInProgram"  # the program's other partners read my record, as far as their duties go
    SHOW_IN_PROPOSAL = "showInProposal"  # before both have accepted, the other side sees my profile
    REFERRAL = "referral"  # a copy of my record goes to one partner


class ConsentGiver(StrEnum):
    SELF = "self"  # by own login
    STAFF = "staff"  # staff heard it and noted it
    GUARDIAN = "guardian"  # vårdnadshavare, noted by staff


class ProtectionLevel(StrEnum):
    """Protected identity (skyddade personuppgifter), the Swedish Tax Agency's three levels."""

    CONFIDENTIALITY_MARK = "confidentialityMark"  # sekretessmarkering
    PROTECTED_REGISTRATION = "protectedRegistration"  # skyddad folkbokföring: no place is kept
    ASSUMED_IDENTITY = "assumedIdentity"  # fingerade personuppgifter: no place is kept


class Concealing(StrEnum):
    """Why a person's rows are kept from some who would otherwise reach them."""

    PROTECTED_IDENTITY = "protectedIdentity"  # only those who are cleared for the holder's protected people
    WITHDRAWN_CONSENT = "withdrawnConsent"  # in one program: only the holder's staff
    ANONYMOUS = "anonymous"  # the record itself: only the holder's staff
    RESTRICTED = "processingRestricted"  # begränsad behandling: only the holder's staff, and nothing is done with it


class AttendanceStatus(StrEnum):
    REGISTERED = "registered"
    ATTENDED = "attended"
    ABSENT = "absent"
    CANCELLED = "cancelled"  # avanmäld
