"""Routes of matching."""

from fastapi import APIRouter

router = APIRouter(tags=["matching"])
