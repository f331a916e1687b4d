"""How do tests read the feed? To its end, from a place, as somebody."""

from dataclasses import dataclass, field
from typing import Any

from tests.world import Client


@dataclass
class Reading:
    """One consumer with its own cursor; what it was told, in order."""

    client: Client
    filters: dict[str, Any] = field(default_factory=dict)
    cursor: str | None = None
    requests: int = 0

    def go_on(self, limit: int = 1000) -> list[dict[str, Any]]:
        """Everything new, until there is nothing more."""
        items: list[dict[str, Any]] = []
        while True:
            page = self.page(limit)
            items += page["items"]
            if not page["hasMore"]:
                return items

    def page(self, limit: int = 1000, **headers: str) -> dict[str, Any]:
        place = {"cursor": self.cursor} if self.cursor else {}
        response = self.client.get("/changes", params={"limit": limit, **self.filters, **place}, headers=headers)
        assert response.status_code == 200, response.text
        page: dict[str, Any] = response.json()
        self.cursor = page["nextCursor"]
        self.requests += 1
        return page


def lost(items: list[dict[str, Any]]) -> set[str]:
    """The ids of the things that are told to be out of reach."""
    return {item["subjectId"] for item in items if item["kind"] == "reach.lost"}


def gained(items: list[dict[str, Any]]) -> set[str]:
    return {item["subjectId"] for item in items if item["kind"] == "reach.gained"}
