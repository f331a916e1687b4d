"""Which courses and sessions are there, who has attended, and how much training counts?"""

from app.features.training.queries.certificates import certificate, certificate_pdf
from app.features.training.queries.completions import (
    attended,
    completions,
    missing_courses,
    record_of_version,
    trained_among,
    training_records,
    training_state,
)
from app.features.training.queries.courses import (
    courses,
    curriculum,
    curriculum_course,
    curriculum_to_copy,
    curriculum_version,
    in_full,
    last_number,
    teachable_version,
    usable_course,
    versions,
)
from app.features.training.queries.progress import progress_in, training_progress
from app.features.training.queries.sessions import (
    attendances_at,
    attendances_of,
    enrolments_taught,
    locked_session,
    offered_session,
    places_taken,
    sessions_of_course,
    sessions_of_partner,
    visible_session,
)

__all__ = [
    "attendances_at",
    "attendances_of",
    "attended",
    "certificate",
    "certificate_pdf",
    "completions",
    "courses",
    "curriculum",
    "curriculum_course",
    "curriculum_to_copy",
    "curriculum_version",
    "enrolments_taught",
    "in_full",
    "last_number",
    "locked_session",
    "missing_courses",
    "offered_session",
    "places_taken",
    "progress_in",
    "record_of_version",
    "sessions_of_course",
    "sessions_of_partner",
    "teachable_version",
    "trained_among",
    "training_progress",
    "training_records",
    "training_state",
    "usable_course",
    "versions",
    "visible_session",
]
