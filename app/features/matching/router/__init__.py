"""Matching over HTTP."""

from fastapi import APIRouter

from app.features.matching.router.blocks import router as blocks
from app.features.matching.router.decisions import router as decisions
from app.features.matching.router.modes import router as modes
from app.features.matching.router.policies import router as policies
from app.features.matching.router.results import router as results
from app.features.matching.router.runs import router as runs

router = APIRouter(tags=["matching"])
for part in (policies, runs, results, decisions, blocks, modes):
    router.include_router(part)
