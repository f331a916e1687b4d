"""Who may call an operation, in the document's words? The permission it asks for, and the two ways to carry it."""

from collections.abc import Collection
from typing import Any

from app.kit.document_words import Node

PERSON = "HTTPBearer"
MACHINE = "serviceAccount"
SHOWN_OPERATIONS = 6


def publish_permissions(document: Node, token_url: str, for_machines: Collection[str]) -> None:
    """Say per operation which permission it asks (`x-permission`), and which of them are scopes of service accounts.

    FastAPI puts the permission among the scopes of the bearer scheme, which has none that tools could look up.
    """
    needed: dict[str, list[str]] = {}
    for item in document["paths"].values():
        for operation in item.values():
            permission = _permission(operation)
            if permission is None:
                continue
            operation["x-permission"] = permission
            operation["security"] = [{PERSON: []}]
            if permission in for_machines:
                operation["security"].append({MACHINE: [permission]})
                needed.setdefault(permission, []).append(operation["operationId"])
    schemes = document["components"]["securitySchemes"]
    schemes[PERSON]["description"] = (
        "An access token: a JWT that is signed and checked as RFC8725 asks. A person's comes from /auth/sessions."
    )
    schemes[MACHINE] = _machine_scheme(token_url, {name: _needed_by(needed[name]) for name in sorted(needed)})


def _permission(operation: Node) -> str | None:
    scopes = [scope for scheme in operation["security"] for wanted in scheme.values() for scope in wanted]
    return str(scopes[0]) if scopes else None


def _machine_scheme(token_url: str, scopes: dict[str, str]) -> dict[str, Any]:
    flow = {"tokenUrl": token_url, "refreshUrl": token_url, "scopes": scopes}
    return {
        "type": "oauth2",
        "description": (
            "A service account of a partner: client credentials for an access token like a person's (RFC8725), which is"
            " renewed by asking again. Its scopes are a ceiling; what the partner's duties do not allow they do not give."
        ),
        "flows": {"clientCredentials": flow},
    }


def _needed_by(operations: list[str]) -> str:
    shown = ", ".join(operations[:SHOWN_OPERATIONS])
    return f"Needed by {shown}" + (" …" if len(operations) > SHOWN_OPERATIONS else "")
