"""The committee's reports over HTTP, as JSON or as a table for a spreadsheet."""

from app.features.reports.router.tertial import router

__all__ = ["router"]
