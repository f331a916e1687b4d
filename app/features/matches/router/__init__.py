"""Matches and meetings over HTTP."""

from fastapi import APIRouter

from app.features.matches.router.answers import router as answers
from app.features.matches.router.course import router as course
from app.features.matches.router.expectations import router as expectations
from app.features.matches.router.matches import router as matches
from app.features.matches.router.meetings import router as meetings

router = APIRouter(tags=["matches"])
for part in (matches, answers, expectations, course, meetings):
    router.include_router(part)
