"""Follow-ups and a program's own questions over HTTP."""

from fastapi import APIRouter

from app.features.follow_ups.router.follow_ups import router as follow_ups
from app.features.follow_ups.router.overdue import router as overdue
from app.features.follow_ups.router.questionnaires import router as questionnaires

router = APIRouter()
for part in (overdue, follow_ups, questionnaires):
    router.include_router(part)
