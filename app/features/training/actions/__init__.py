"""How do courses, sessions, attendance and training records come to be and change?"""

from app.features.training.actions.attendance import create_attendance, update_attendance
from app.features.training.actions.attendance_sync import sync_attendance
from app.features.training.actions.courses import (
    add_curriculum_course,
    copy_curriculum,
    create_course,
    publish_course_version,
    update_course,
    update_curriculum_course,
    withdraw_curriculum_course,
)
from app.features.training.actions.records import record_training, withdraw_training_record
from app.features.training.actions.sessions import (
    cancel_training_session,
    create_training_session,
    update_training_session,
)

__all__ = [
    "add_curriculum_course",
    "cancel_training_session",
    "copy_curriculum",
    "create_attendance",
    "create_course",
    "create_training_session",
    "publish_course_version",
    "record_training",
    "sync_attendance",
    "update_attendance",
    "update_course",
    "update_curriculum_course",
    "update_training_session",
    "withdraw_curriculum_course",
    "withdraw_training_record",
]
