"""What do the linters of others say about the OpenAPI document? Redocly, Spectral, and OWASP's rules for Spectral.

They are fetched as `openapi/clients/npm/linters` pins them. Errors of OWASP's rules that are meant are listed here with their
reasons, one by one; one that is listed and no longer found breaks the promise too.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openapi.clients.toolbox import node, node_tools, say

PROMISE = "Redocly's recommended rules and spectral:oas find nothing, OWASP's rules no error"
DOCUMENT = Path(__file__).parents[2] / "openapi" / "openapi.json"
LOGIN = "whoever logs in has no token yet; the body carries the proof"
SUBSTRING = (
    "administrators of a partner: the rule takes /administrators for an /admin area; x-permission tells them apart"
)
AN_ID = "the parameter is the id of a secret, which tells nothing of the secret"
MEANT = {
    ("owasp:api2:2023-write-restricted", "paths/auth/sessions/post/security"): LOGIN,
    ("owasp:api2:2023-write-restricted", "paths/auth/oidc-sessions/post/security"): LOGIN,
    ("owasp:api2:2023-write-restricted", "paths/auth/tokens/post/security"): LOGIN,
    ("owasp:api2:2023-write-restricted", "paths/auth/passwords/post/security"): LOGIN,
    (
        "owasp:api2:2023-no-credentials-in-url",
        "paths/users/{userId}/secrets/{secretId}/delete/parameters/0/name",
    ): AN_ID,
    ("owasp:api5:2023-admin-security-unique", "paths/partners/{partnerId}/administrators/post/security/0"): SUBSTRING,
}
ERROR = 0  # Spectral's severities: 0 error, 1 warning, 2 information, 3 hint
WARNING = 1
Finding = tuple[str, str, bool]


def redocly(folder: Path) -> list[Finding]:
    """Every problem as (rule, where, is an error)."""
    program = folder / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    command = [
        node(),
        str(program),
        "lint",
        "--extends=recommended",
        "--format=json",
        "--max-problems=1000",
        str(DOCUMENT),
    ]
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    said = say(command, folder, quiet, allowed=1)
    report, _ = json.JSONDecoder().raw_decode(said[said.index("{") :])
    return [(one["ruleId"], one["location"][0]["pointer"], one["severity"] == "error") for one in report["problems"]]


def spectral(folder: Path, ruleset: str) -> list[Finding]:
    """Every error and warning as (rule, where, is an error)."""
    rules = folder / "ruleset.json"
    rules.write_text(json.dumps({"extends": [ruleset]}), encoding="utf-8")
    program = folder / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    report = folder / "report.json"
    form = ["--format", "json", "--output", str(report), "--quiet"]
    say([node(), str(program), "lint", "--ruleset", str(rules), *form, str(DOCUMENT)], folder, allowed=1)
    found = json.loads(report.read_text(encoding="utf-8"))
    return [
        (one["code"], "/".join(str(part).strip("/") for part in one["path"]), one["severity"] == ERROR)
        for one in found
        if one["severity"] <= WARNING
    ]


def owasp(folder: Path) -> list[Finding]:
    """OWASP's findings without those that are meant; a meant one that is not found becomes one."""
    found = spectral(folder, "@stoplight/spectral-owasp-ruleset")
    places = {(rule, where) for rule, where, _ in found}
    gone = [(f"no longer found: {rule}", where, True) for rule, where in MEANT if (rule, where) not in places]
    return gone + [one for one in found if one[:2] not in MEANT]


def run() -> dict[str, Any]:
    folder = node_tools("linters")
    linters: dict[str, Callable[[Path], list[Finding]]] = {
        "redocly": redocly,
        "spectralOas": lambda tools: spectral(tools, "spectral:oas"),
        "owasp": owasp,
    }
    counts: dict[str, Any] = {"owaspMeant": len(MEANT)}
    for name, linter in linters.items():
        found = linter(folder)
        rules = Counter(rule for rule, _, is_error in found if is_error)
        errors = rules.total()
        counts |= {f"{name}Errors": errors, f"{name}Warnings": len(found) - errors, f"{name}Rules": dict(rules)}
    clean = ("redoclyErrors", "redoclyWarnings", "spectralOasErrors", "spectralOasWarnings", "owaspErrors")
    return {"holds": all(counts[name] == 0 for name in clean), "counts": counts}
