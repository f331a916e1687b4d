"""Does every thing that has an address of its own have its link in what webhooks are sent, and is each link an address?"""

import json
import re

from tests.canaries import GUARDED, _tables
from tests.contracts.document import ROOT, all_operations, followed

LINKS: dict[str, str] = json.loads((ROOT / "app/domain/data/links.json").read_text(encoding="utf-8"))


def addresses() -> dict[str, str]:
    """Table → the address where one of its rows is read by its id."""
    tables, found = _tables(), {}
    for path, method, operation in all_operations():
        if method == "GET" and re.fullmatch(r"/[a-z-]+/\{\w+\}", path):
            (parameter,) = [followed(one) for one in operation["parameters"] if followed(one)["in"] == "path"]
            guarded = GUARDED.search(parameter.get("description", ""))
            if guarded:
                found[tables[guarded[1]]] = re.sub(r"\{\w+\}", "{id}", path)
    return found


def test_links_are_the_addresses_of_the_document() -> None:
    assert len(LINKS) > 30
    assert addresses() == LINKS
