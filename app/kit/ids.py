"""What is the next identifier?"""

from uuid import UUID

import uuid_utils
from uuid_utils import compat


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): sorts by creation within one process, also when the system clock steps back."""
    return compat.uuid7()


def new_id_text() -> str:
    """The next one as text, for many rows at once."""
    return str(uuid_utils.uuid7())
