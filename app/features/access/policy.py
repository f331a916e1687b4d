"""Which policy did each operation declare? The application refuses to start when one has none, or two."""

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from app.domain.roles import Permission


@dataclass(frozen=True)
class Policy:
    """The declared policy of an operation; None means public on purpose."""

    permission: Permission | None


class PolicyMissing(SystemExit):
    """The application refuses to start."""


def policies(dependant: Dependant) -> list[Policy]:
    """Every policy declared in a dependency tree."""
    declared = getattr(dependant.call, "policy", None)
    own = [declared] if isinstance(declared, Policy) else []
    return own + [policy for inner in dependant.dependencies for policy in policies(inner)]


def assert_every_route_has_a_policy(app: FastAPI) -> int:
    """Count the operations; refuse to start when one of them has no policy, or two.

    Raises: PolicyMissing (a SystemExit) naming the routes. `app.routes` is not flat: contexts are walked.
    """
    routes = [found for found in iter_route_contexts(app.routes) if isinstance(found.original_route, APIRoute)]
    wrong = [f"{sorted(r.methods or ())} {r.path}" for r in routes if len(policies(r.original_route.dependant)) != 1]  # type: ignore[attr-defined]
    if wrong or not routes:
        raise PolicyMissing(f"refusing to start; operations without exactly one policy: {wrong or 'no routes at all'}")
    return len(routes)
