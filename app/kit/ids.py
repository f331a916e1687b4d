"""What is the next identifier?"""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): sorts by creation within one process, also when the system clock steps back."""
    return compat.uuid7()
