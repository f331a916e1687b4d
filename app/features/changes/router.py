"""Routes of changes."""

from fastapi import APIRouter

router = APIRouter(tags=["changes"])
