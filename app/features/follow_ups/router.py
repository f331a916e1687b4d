"""Routes of follow_ups."""

from fastapi import APIRouter

router = APIRouter(tags=["follow_ups"])
