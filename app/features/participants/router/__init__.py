"""People over HTTP."""

from fastapi import APIRouter

from app.features.participants.router.logins import router as logins
from app.features.participants.router.participants import router as participants

router = APIRouter()
router.include_router(participants)
router.include_router(logins)
