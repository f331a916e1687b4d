"""How are people, attestations, guardians and possible duplicates spoken of?"""

from app.features.participants.schemas.attestations import AttestationCreate, AttestationRead
from app.features.participants.schemas.duplicates import (
    DuplicateDecisionCreate,
    DuplicateDecisionRead,
    DuplicatePairRead,
    PossibleDuplicateRead,
)
from app.features.participants.schemas.facts import (
    Availability,
    AvailabilityWindow,
    Goals,
    Languages,
    LanguageSkill,
    OccupationCode,
    PersonName,
    Phone,
    each_once,
    hours_of,
    not_null,
    windows_of,
)
from app.features.participants.schemas.guardians import (
    GuardianConsentCreate,
    GuardianCreate,
    GuardianPatch,
    GuardianRead,
)
from app.features.participants.schemas.people import (
    AnonymousParticipantCreate,
    IdentificationCreate,
    LoginCreate,
    ParticipantCreate,
    ParticipantPatch,
    ParticipantRead,
)

__all__ = [
    "AnonymousParticipantCreate",
    "AttestationCreate",
    "AttestationRead",
    "Availability",
    "AvailabilityWindow",
    "DuplicateDecisionCreate",
    "DuplicateDecisionRead",
    "DuplicatePairRead",
    "Goals",
    "GuardianConsentCreate",
    "GuardianCreate",
    "GuardianPatch",
    "GuardianRead",
    "IdentificationCreate",
    "LanguageSkill",
    "Languages",
    "LoginCreate",
    "OccupationCode",
    "ParticipantCreate",
    "ParticipantPatch",
    "ParticipantRead",
    "PersonName",
    "Phone",
    "PossibleDuplicateRead",
    "each_once",
    "hours_of",
    "not_null",
    "windows_of",
]
