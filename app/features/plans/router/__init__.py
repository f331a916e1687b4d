"""Plans over HTTP: what they say, how they go, and how they look."""

from fastapi import APIRouter

from app.features.plans.router import documents, parts, plans, progress

router = APIRouter()
router.include_router(plans.router)
router.include_router(parts.router)
router.include_router(progress.router)
router.include_router(documents.router)

__all__ = ["router"]
