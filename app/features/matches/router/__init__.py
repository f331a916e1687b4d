"""Matches and meetings over HTTP."""

from fastapi import APIRouter

from app.features.matches.router.agreements import router as agreements
from app.features.matches.router.answers import router as answers
from app.features.matches.router.course import router as course
from app.features.matches.router.endings import router as endings
from app.features.matches.router.expectations import router as expectations
from app.features.matches.router.matches import router as matches
from app.features.matches.router.meetings import router as meetings

router = APIRouter(tags=["matches"])
for part in (matches, answers, expectations, agreements, course, endings, meetings):
    router.include_router(part)
