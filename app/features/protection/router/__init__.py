"""Protected identity and clearances over HTTP."""

from fastapi import APIRouter

from app.features.protection.router.clearances import router as clearances
from app.features.protection.router.protection import router as protection

router = APIRouter(tags=["protection"])
for part in (clearances, protection):
    router.include_router(part)
