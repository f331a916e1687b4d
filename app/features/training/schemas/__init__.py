"""How are courses, sessions, attendance and training spoken of?"""

from app.features.training.schemas.courses import (
    CourseCreate,
    CoursePatch,
    CourseQuery,
    CourseRead,
    CourseVersionCreate,
    CourseVersionRead,
    CurriculumCourseCreate,
    CurriculumCoursePatch,
    CurriculumCourseRead,
    CurriculumQuery,
)
from app.features.training.schemas.records import (
    TrainingCertificateRead,
    TrainingCertificateWords,
    TrainingProgressQuery,
    TrainingProgressRead,
    TrainingRecordCreate,
    TrainingRecordRead,
)
from app.features.training.schemas.sessions import (
    AttendanceCreate,
    AttendancePatch,
    AttendanceRead,
    AttendanceSync,
    TrainingSessionCreate,
    TrainingSessionPatch,
    TrainingSessionQuery,
    TrainingSessionRead,
)

__all__ = [
    "AttendanceCreate",
    "AttendancePatch",
    "AttendanceRead",
    "AttendanceSync",
    "CourseCreate",
    "CoursePatch",
    "CourseQuery",
    "CourseRead",
    "CourseVersionCreate",
    "CourseVersionRead",
    "CurriculumCourseCreate",
    "CurriculumCoursePatch",
    "CurriculumCourseRead",
    "CurriculumQuery",
    "TrainingCertificateRead",
    "TrainingCertificateWords",
    "TrainingProgressQuery",
    "TrainingProgressRead",
    "TrainingRecordCreate",
    "TrainingRecordRead",
    "TrainingSessionCreate",
    "TrainingSessionPatch",
    "TrainingSessionQuery",
    "TrainingSessionRead",
]
