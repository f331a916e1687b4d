"""People's rights over their data, over HTTP."""

from fastapi import APIRouter

from app.features.rights.router.acts import router as acts
from app.features.rights.router.requests import router as requests

router = APIRouter(tags=["rights"])
for part in (requests, acts):
    router.include_router(part)
