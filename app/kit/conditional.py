"""Did the client see the present version? If-Match against the version inside our entity tags (RFC 9110, 6585)."""

import re
from typing import Protocol

from app.kit.problems import Problem

TAG = re.compile(r'^"(\d{1,12})(?:-[0-9a-f]{1,64})?"$')
MUST_MATCH = frozenset({"PATCH", "PUT", "DELETE"})


class Versioned(Protocol):
    version: int


def check_given(header: str | None, row: Versioned | None) -> None:
    """The same for a PUT where If-Match may be left out: what another system sends by its own key. None: it is not there.

    Raises: Problem 412.
    """
    if header is None:
        return
    if row is None:
        raise Problem("resource.changed_meanwhile")
    check_if_match("PUT", header, row.version)


def check_if_match(method: str, header: str | None, version: int) -> None:
    """Refuse a write on a version the client has not seen.

    Raises: Problem 428 when a PATCH, PUT or DELETE has no If-Match; 412 when no given tag names this version.
    """
    if header is None:
        if method in MUST_MATCH:
            raise Problem("request.if_match_required")
        return
    if header.strip() == "*":
        return
    found = [TAG.match(tag.strip()) for tag in header.split(",")]
    if not any(tag and int(tag[1]) == version for tag in found):
        raise Problem("resource.changed_meanwhile")
