"""Is this the right secret, and is it good enough to be one?"""

import hashlib
import hmac
import secrets
import threading
import unicodedata
from collections.abc import Iterable

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MIN_LENGTH = 15  # characters; NIST SP 800-63B-4, the only factor
MIN_LENGTH_WITH_TOTP = 8  # characters; the same source, one factor of two
MAX_LENGTH = 128  # characters

# OWASP ASVS 5.0 appendix C: an approved row for Argon2id. Memory in KiB.
_MEMORY, _PASSES, _LANES = 19456, 2, 1
_SALT_LENGTH, _HASH_LENGTH = 16, 32  # bytes
_SECRET_LENGTH = 32  # bytes, 256 bits
_PARAMETERS = f"$argon2id$v=19$m={_MEMORY},t={_PASSES},p={_LANES}$"

# Each hash takes 19 MiB: a rush of logins waits here instead of taking all memory.
_HASHING = threading.BoundedSemaphore(4)

# The hash of 32 random bytes that were thrown away: no text verifies against it.
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$7/tOqiKMhyX7UPWlcAK+Nw$UXkcUTs7g9A1vxuQCHJ2dCWovZUe+cnTylKf69M2GLQ"

_MIN_DISTINCT = 6  # characters that must remain beside common words
_MIN_WORD = 4  # characters; shorter words are in every sentence
_COMMON_WORDS = """
    abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm qwerty qwertz asdfgh zxcvbn 1qaz2wsx
    0123456789 1234567890 9876543210 123456789 12345678 1234567 123456 12345 1234 87654321 654321 112233
    password passw0rd passord lösenord losenord letmein welcome välkommen valkommen iloveyou admin administrator
    sommar vinter höst summer winter spring autumn hejsan hemligt secret changeme default test user login
    nacka stockholm sverige sweden mentorskap
""".split()  # noqa: SIM905  fifty quoted words would be harder to read


class WeakPassword(Exception):  # noqa: N818  the password is weak; nothing went wrong here
    """The password is refused. `reason` is `too_short`, `too_long`, `not_text` or `too_common`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_password_rules(text: str, *, has_totp: bool, own_words: Iterable[str] = ()) -> None:
    """WeakPassword when the text may not become a password. Lengths in characters after NFC.

    There are no rules about kinds of characters (NIST SP 800-63B-4): what must be there is something besides common
    words and `own_words`, such as the person's and the partner's names.
    """
    password = unicodedata.normalize("NFC", text)
    if len(password) < (MIN_LENGTH_WITH_TOTP if has_totp else MIN_LENGTH):
        raise WeakPassword("too_short")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("too_long")
    if any(character == "\0" or unicodedata.category(character) == "Cs" for character in password):
        raise WeakPassword("not_text")
    if len(set(_without_words(password.casefold(), own_words))) < _MIN_DISTINCT:
        raise WeakPassword("too_common")


def _without_words(password: str, own_words: Iterable[str]) -> str:
    own = (unicodedata.normalize("NFC", word).casefold() for word in own_words)
    words = {word for word in (*_COMMON_WORDS, *own) if len(word) >= _MIN_WORD}
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, "")
    return password


def hash_password(text: str) -> str:
    """The Argon2id hash as a PHC string, salted anew at each call."""
    password = _as_bytes(text)
    with _HASHING:
        return Argon2id(
            salt=secrets.token_bytes(_SALT_LENGTH),
            length=_HASH_LENGTH,
            iterations=_PASSES,
            lanes=_LANES,
            memory_cost=_MEMORY,
        ).derive_phc_encoded(password)


def verify_password(text: str, phc: str) -> bool:
    """Is this the text that was hashed? A damaged hash fits no text."""
    password = _as_bytes(text)
    with _HASHING:
        try:
            Argon2id.verify_phc_encoded(password, phc)
        except (InvalidKey, ValueError):
            return False
        return True


def verify_against_dummy(text: str) -> bool:
    """False, after the work of `verify_password`: an unknown user takes as long as a known one."""
    return verify_password(text, _DUMMY)


def needs_rehash(phc: str) -> bool:
    """Was it hashed with other parameters than today's? Then hash anew at the next successful login."""
    return not phc.startswith(_PARAMETERS)


def _as_bytes(text: str) -> bytes:
    # Lone surrogates never pass the rules, but a login may send them and must be answered like any other.
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


def new_secret(prefix: str) -> tuple[str, str]:
    """A new opaque secret of 256 bits, `prefix_…`, to show once, and its hash to store.

    The prefix lets secret scanners find leaked ones.
    """
    shown = f"{prefix}_{secrets.token_urlsafe(_SECRET_LENGTH)}"
    return shown, hash_secret(shown)


def hash_secret(text: str) -> str:
    """SHA-256 in hexadecimal; enough for 256 random bits, which nobody can guess, and never for a password."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_same_secret(shown: str, stored_hash: str) -> bool:
    """Does the secret fit the stored hash? Takes equally long wherever they differ."""
    return hmac.compare_digest(hash_secret(shown).encode(), stored_hash.encode("utf-8", "surrogatepass"))
