"""In which language does the command speak? Swedish to whoever's system does, otherwise English."""

import locale
import os

NAMES = ("MENTORSKAP_SYNC_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """`sv` or `en`: by the environment, or by what the system (Windows) says of its user."""
    for name in NAMES:
        if said := os.environ.get(name):
            return "sv" if said.lower().startswith("sv") else "en"
    return "sv" if (locale.getlocale()[0] or "").lower().startswith("sv") else "en"


LANGUAGE = language()
"""Chosen once, when the command starts."""


def say(english: str, swedish: str) -> str:
    """The one of two texts that the person at the screen reads."""
    return swedish if LANGUAGE == "sv" else english
