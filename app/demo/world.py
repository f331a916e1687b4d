"""Who is in the demo world, is it there yet, and how does anyone get in?"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session, select

from app.demo.client import PASSWORD
from app.features.access.guards import Visit
from app.features.access.tables import UserAccount
from app.features.accounts.actions import invite_system_administrator
from app.features.accounts.schemas import AdministratorCreate
from app.kit.runtime import Runtime
from app.kit.wire import Exchange
from app.settings import Settings

NO_TRACE = "0" * 32
SYSTEM = ("system@demo.example", "Sixten Systemadministratör")
SHOWN = (
    ("samordnare@nacka.example", "purpose, matching, approval, reports"),
    ("handlaggare@nacka.example", "people: enrols and screens mentees, records outcomes"),
    ("handlaggare@foretagarna.example", "people: enrols and screens mentors"),
    ("samordnare@brobyggarna.example", "trains, informs, follows up"),
    ("handlaggare@brobyggarna.example", "people: trains, answers referrals"),
    ("maja@mentor.example", "a mentor"),
    ("amira@adept.example", "a mentee"),
    ("admin@nacka.example", "users and service accounts of Nacka kommun"),
    (SYSTEM[0], "partners; sees no personal data"),
)


@cache
def data() -> dict[str, Any]:
    """The invented partners, users, people and programmes."""
    found: dict[str, Any] = json.loads(files("app.demo").joinpath("world.json").read_text(encoding="utf-8"))
    return found


def is_empty(runtime: Runtime) -> bool:
    """Has nobody an account yet?"""
    with Session(runtime.database.engine) as session:
        return session.exec(select(UserAccount.id).limit(1)).first() is None


def invite_administrator(runtime: Runtime, email: str, name: str) -> str:
    """Make a system administrator; answers the one-time invitation token for `/auth/passwords`."""
    body = AdministratorCreate(email=email, name=name)
    with runtime.database.transaction() as session:
        visit = Visit(session, runtime, runtime.clock(), Exchange(session, ""), NO_TRACE)
        return invite_system_administrator(visit, body)


def table(settings: Settings) -> str:
    """What a newcomer needs to see: who to be, where to look, what to try next."""
    base = f"http://{settings.host}:{settings.port}"
    api = f"{base}/mentorskap/v1"
    users = "\n".join(f"  {email:<34} {what}" for email, what in SHOWN)
    return f"""
Mentorskap is at {base} · documentation: {base}/docs

Demo users (password of all: {PASSWORD})
{users}

Try next:
  curl -s {api}/api-info
  TOKEN=$(curl -s {api}/auth/sessions -H 'Content-Type: application/json' \\
    -d '{{"email":"samordnare@nacka.example","password":"{PASSWORD}"}}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s {api}/programs -H "Authorization: Bearer $TOKEN"
The README goes on from here with a ten-minute tour. Ctrl-C stops the server and its database.
"""
