"""The use of personal data, and the seals over the logs, over HTTP."""

from fastapi import APIRouter

from app.features.audit.router import exposures, reviews, seals

router = APIRouter(tags=["audit"])
router.include_router(exposures.router)
router.include_router(reviews.router)
router.include_router(seals.router)
