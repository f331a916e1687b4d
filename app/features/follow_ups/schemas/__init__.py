"""How are follow-ups, and the questions they ask, spoken of over the wire?"""

from app.features.follow_ups.schemas.follow_ups import (
    Correction,
    FollowUpQuery,
    FollowUpRead,
    FollowUpVersionRead,
    OverdueQuery,
    OverdueRead,
    ReminderRead,
    Rescheduling,
    Submission,
    WaitingRead,
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
    "OverdueQuery",
    "OverdueRead",
    "ProgramQuestionnaireCreate",
    "ProgramQuestionnaireRead",
    "QuestionnaireRead",
    "ReminderRead",
    "Rescheduling",
    "Submission",
    "WaitingRead",
    "Waiver",
]
