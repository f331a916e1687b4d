"""People over HTTP."""

from fastapi import APIRouter

from app.features.participants.router.anonymity import router as anonymity
from app.features.participants.router.attestations import router as attestations
from app.features.participants.router.duplicates import router as duplicates
from app.features.participants.router.guardians import router as guardians
from app.features.participants.router.logins import router as logins
from app.features.participants.router.participants import router as participants
from app.features.participants.router.sync import router as sync

router = APIRouter()
for part in (participants, sync, anonymity, logins, attestations, guardians, duplicates):
    router.include_router(part)
