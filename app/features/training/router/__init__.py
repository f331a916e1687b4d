"""Training over HTTP: courses and curricula, sessions, attendance, records and certificates."""

from fastapi import APIRouter

from app.features.training.router.attendance import router as attendance
from app.features.training.router.courses import router as courses
from app.features.training.router.curricula import router as curricula
from app.features.training.router.records import router as records
from app.features.training.router.sessions import router as sessions

router = APIRouter()
for part in (courses, curricula, sessions, attendance, records):
    router.include_router(part)
