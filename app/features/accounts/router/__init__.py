"""Logging in, sessions, users and service accounts over HTTP."""

from fastapi import APIRouter

from app.features.accounts.router import factors, logins, services, users

router = APIRouter()
for part in (logins, factors, users, services):
    router.include_router(part.router)
