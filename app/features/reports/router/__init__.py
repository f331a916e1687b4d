"""The committee's reports over HTTP: as data, as tables, as a page and in print."""

from app.features.reports.router.tertial import router

__all__ = ["router"]
