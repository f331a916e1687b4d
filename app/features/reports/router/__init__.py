"""The committee's reports over HTTP: as data, as tables, as a page and in print."""

from fastapi import APIRouter

from app.features.reports.router import efforts, program, sus, tertial

router = APIRouter()
router.include_router(tertial.router)
router.include_router(program.router)
router.include_router(sus.router)
router.include_router(efforts.router)

__all__ = ["router"]
