"""Routes of programs."""

from fastapi import APIRouter

router = APIRouter(tags=["programs"])
