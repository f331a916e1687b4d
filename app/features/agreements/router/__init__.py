"""Agreements, the responsibility matrix and hand-overs over HTTP."""

from fastapi import APIRouter

from app.features.agreements.router.agreements import router as agreements
from app.features.agreements.router.handovers import router as handovers

router = APIRouter()
router.include_router(agreements)
router.include_router(handovers)
