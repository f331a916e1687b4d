"""Would a client that was written for the released API still work? Nothing that it relies on may break within a version."""

import copy
import json

from app.kit.document_diff import as_markdown, compare
from app.kit.document_diff_schemas import Weight
from tests.contracts.document import COMMITTED, Node, document

RELEASED = COMMITTED.with_name("released.json")
HINT = "a breaking change needs a new major version, or in beta a release of its own: docs/guide/versions.md"


def released() -> Node:
    found: Node = json.loads(RELEASED.read_text(encoding="utf-8"))
    return found


def breaks(new: Node) -> str:
    found = [one for one in compare(released(), new) if one.weight is Weight.BREAKING]
    return as_markdown(released(), new, found) if found else ""


def test_nothing_breaks_what_was_released() -> None:
    assert breaks(document()) == "", HINT


def test_a_break_would_be_noticed() -> None:
    new = copy.deepcopy(document())
    new["components"]["schemas"]["ProgramRead"]["properties"].pop("purpose")
    new["components"]["schemas"]["SessionCreate"]["required"].append("nickname")
    new["components"]["schemas"]["SessionCreate"]["properties"]["nickname"] = {"type": "string"}
    del new["paths"]["/partners"]["get"]
    told = breaks(new)
    for line in (
        "`ProgramRead.purpose`: is gone",
        "`SessionCreate.nickname`: is new and required",
        "`GET /partners`: is gone",
    ):
        assert f"- {line}" in told


def test_what_was_released_is_of_this_major_version() -> None:
    was, now = released()["info"]["version"], document()["info"]["version"]
    assert was.split(".")[0] == now.split(".")[0]
