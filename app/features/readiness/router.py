"""Routes of readiness."""

from fastapi import APIRouter

router = APIRouter(tags=["readiness"])
