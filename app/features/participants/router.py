"""Routes of participants."""

from fastapi import APIRouter

router = APIRouter(tags=["participants"])
