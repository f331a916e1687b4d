"""The catalogue over HTTP: in our API, and beside it as Open Referral and DCAT read it."""

from app.features.catalogue.router.entries import router

__all__ = ["router"]
