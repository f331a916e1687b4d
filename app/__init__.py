"""Mentorskap: mentorship programmes run together; the responsibility split authorises every act."""

import logging

# FastAPI warns at import about an optional package that we do not use; a command's first line should be ours.
logging.getLogger("fastapi").addHandler(logging.NullHandler())
