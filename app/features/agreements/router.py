"""Routes of agreements."""

from fastapi import APIRouter

router = APIRouter(tags=["agreements"])
