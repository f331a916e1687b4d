"""Channels, joint meetings, the directory and what waits, over HTTP."""

from fastapi import APIRouter

from app.features.cooperation.router.channels import router as channels
from app.features.cooperation.router.digests import router as digests
from app.features.cooperation.router.meetings import router as meetings
from app.features.cooperation.router.overviews import router as overviews

router = APIRouter(tags=["cooperation"])
for part in (channels, meetings, digests, overviews):
    router.include_router(part)
