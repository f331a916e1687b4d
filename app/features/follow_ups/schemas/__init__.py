"""How are follow-ups, and the questions they ask, spoken of over the wire?"""

from app.features.follow_ups.schemas.follow_ups import (
    Correction,
    FollowUpQuery,
    FollowUpRead,
    FollowUpVersionRead,
    ReminderRead,
    Rescheduling,
    Submission,
    Waiver,
)
from app.features.follow_ups.schemas.questionnaires import (
    ProgramQuestionnaireCreate,
    ProgramQuestionnaireRead,
    QuestionnaireRead,
)

__all__ = [
    "Correction",
    "FollowUpQuery",
    "FollowUpRead",
    "FollowUpVersionRead",
    "ProgramQuestionnaireCreate",
    "ProgramQuestionnaireRead",
    "QuestionnaireRead",
    "ReminderRead",
    "Rescheduling",
    "Submission",
    "Waiver",
]
