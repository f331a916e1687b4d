"""Which words and headers does every operation of the OpenAPI document share?"""

from typing import Any

Node = dict[str, Any]
UUID_EXAMPLE = "0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90"
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
DESCRIPTIONS = {
    "200": "Done, or found. / Utfört, eller funnet.",
    "201": "Made. / Skapat.",
    "202": "Accepted; Location tells how it goes. / Mottaget; Location visar hur det går.",
    "204": "Done; there is nothing to say. / Utfört, utan innehåll.",
}
HEADERS: Node = {
    "traceparent": {
        "description": "W3C trace context; quote it when you report a fault.",
        "schema": {"type": "string", "maxLength": 55, "example": TRACEPARENT},
    },
    "Access-Control-Allow-Origin": {
        "description": "The frontend's origin, where it is one of those this installation lets in; otherwise not sent.",
        "schema": {"type": "string", "maxLength": 300, "example": "https://frontend.example"},
    },
    "ETag": {
        "description": "The version of what was answered; send it back in If-Match or If-None-Match.",
        "schema": {"type": "string", "maxLength": 80, "example": '"3-0a1b2c3d4e5f"'},
    },
    "Cache-Control": {
        "description": "How long the answer may be kept without asking.",
        "schema": {"type": "string", "maxLength": 80, "example": "public, max-age=300"},
    },
    "Location": {
        "description": "The address of what was made.",
        "schema": {"type": "string", "format": "uri-reference", "maxLength": 2048},
    },
    "Link": {
        "description": "first, prev, next and last page (RFC 8288).",
        "schema": {"type": "string", "maxLength": 8192},
    },
    "RateLimit": {
        "description": "What is left of each quota, and in how many seconds it is renewed.",
        "schema": {"type": "string", "maxLength": 200, "example": '"user";r=299;t=60'},
    },
    "RateLimit-Policy": {
        "description": "The quotas that the request drew on: so many (q) in so many seconds (w).",
        "schema": {"type": "string", "maxLength": 200, "example": '"user";q=300;w=60'},
    },
    "Mentorskap-Sync-Outcome": {
        "description": "What became of what was sent by an external key.",
        "schema": {"type": "string", "pattern": "^(created|changed|unchanged)$", "maxLength": 20, "example": "created"},
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 3600},
    },
    "Preference-Applied": {
        "description": "How long the answer was ready to wait (RFC 7240).",
        "schema": {"type": "string", "maxLength": 40, "example": "wait=20"},
    },
    "Allow": {"description": "Every method of the address.", "schema": {"type": "string", "maxLength": 80}},
    "WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string", "maxLength": 200}},
}
PROBLEMS = {
    "400": ("request.malformed_json", "The request could not be read.", ()),
    "401": ("auth.token_missing", "No valid access token.", ("WWW-Authenticate",)),
    "403": ("access.duty_not_held", "The role or the partner's duties do not allow it.", ()),
    "404": ("resource.not_found", "There is no such thing, or not for the caller.", ()),
    "405": ("request.method_not_allowed", "The address does not take this method.", ("Allow",)),
    "409": ("resource.conflict", "The state of things does not allow it now.", ()),
    "412": ("resource.changed_meanwhile", "It was changed since the version in If-Match.", ()),
    "413": ("request.too_large", "The body is too large.", ()),
    "415": ("request.media_type_unsupported", "The body is not JSON in UTF-8.", ()),
    "422": ("request.invalid", "The request does not fit the description, or a rule refuses it.", ()),
    "428": ("request.if_match_required", "If-Match is missing.", ()),
    "429": ("request.rate_exceeded", "Too many requests within a minute.", ("Retry-After",)),
    "500": ("service.unexpected", "Something unexpected went wrong; nothing was changed.", ()),
    "503": ("service.database_unreachable", "The service cannot answer now.", ("Retry-After",)),
}
REQUEST_HEADERS = {
    "if_match": ("If-Match", "The ETag of the version you change.", 400, '"3"'),
    "if_none_match": ("If-None-Match", "An ETag you have; the same version answers 304.", 400, '"3-0a1b2c3d4e5f"'),
    "key": ("Idempotency-Key", "Makes a retry safe for 72 hours: the same key answers the same.", 255, UUID_EXAMPLE),
    "purpose": (
        "Mentorskap-Purpose",
        "What you look for, see the guide on the access log; needed with a clearance.",
        80,
        "caseWork; AMN 2026/123",
    ),
    "language": ("Accept-Language", "sv or en, for the titles of problems.", 200, "sv"),
}
WEBHOOK_HEADERS = (
    ("webhook-id", "The same at every try of the same event: what you have seen, you have.", 60, "msg_" + "0a" * 16),
    ("webhook-timestamp", "When it was sent, in seconds since 1970; refuse what is old.", 20, "1772442000"),
    (
        "webhook-signature",
        "v1 and the signature in base64; while the secret is changed, two with a blank between.",
        200,
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
)
