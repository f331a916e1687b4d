"""The gap view over HTTP: as data and as a page."""

from app.features.gaps.router.gaps import router

__all__ = ["router"]
