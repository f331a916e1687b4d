"""People and enrolments over HTTP."""

from fastapi import APIRouter

from app.features.participants.router.enrolments import router as enrolments
from app.features.participants.router.logins import router as logins
from app.features.participants.router.participants import router as participants

router = APIRouter()
router.include_router(participants)
router.include_router(logins)
router.include_router(enrolments)
