"""What can go wrong, and which exit code tells a script so?"""

from typing import ClassVar


class Failure(Exception):  # noqa: N818  the end of a run, with words for a person
    """Ends the command. Nothing is half done: what was sent is known to the server, what was read is stored."""

    exit_code: ClassVar[int] = 5


class NotConfigured(Failure):
    """The file of settings, or the login in it, is not right: a person must mend it."""

    exit_code = 3


class Unreachable(Failure):
    """The server did not answer, or had no time: the same command later goes on where this one stopped."""

    exit_code = 4


class Refused(Failure):
    """The server answered no. `code` is the problem's own name, see the server's list of errors."""

    def __init__(self, message: str, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class Busy(Failure):
    """Another run of this command is not done yet."""

    exit_code = 4
