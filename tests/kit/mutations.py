"""How is a right token damaged in a thousand ways, reproducibly?"""

import random
from collections.abc import Callable, Iterator

from app.kit.keys import decode_base64url, encode_base64url

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é"
Mutation = Callable[[random.Random, str, str], str]


def mutated(chance: random.Random, right: str, another: str, wanted: int) -> Iterator[str]:
    """So many tokens that differ from `right`; parts of `another` right one are among what they are made of."""
    made = 0
    while made < wanted:
        token = chance.choice(_MUTATIONS)(chance, right, another)
        for _ in range(chance.randint(0, 2)):
            token = chance.choice(_SPELLINGS)(chance, token, another)
        if token not in {right, another}:
            made += 1
            yield token


def _replace(chance: random.Random, token: str, _another: str) -> str:
    place = chance.randrange(len(token))
    return token[:place] + chance.choice(_ALPHABET) + token[place + 1 :]


def _insert(chance: random.Random, token: str, _another: str) -> str:
    place = chance.randrange(len(token) + 1)
    return token[:place] + chance.choice(_ALPHABET) * chance.randint(1, 3) + token[place:]


def _delete(chance: random.Random, token: str, _another: str) -> str:
    place = chance.randrange(len(token))
    return token[:place] + token[place + chance.randint(1, 4) :]


def _flip_bit(chance: random.Random, token: str, _another: str) -> str:
    """One bit of the decoded header, claims or signature, encoded canonically again."""
    parts = token.split(".")
    which = chance.randrange(3)
    raw = bytearray(decode_base64url(parts[which]))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    parts[which] = encode_base64url(bytes(raw))
    return ".".join(parts)


def _splice(chance: random.Random, token: str, another: str) -> str:
    """The parts of one right token with a part of another."""
    parts, others = token.split("."), another.split(".")
    which = chance.choice([1, 2])
    return ".".join(others[i] if i == which else part for i, part in enumerate(parts))


def _swap(chance: random.Random, token: str, _another: str) -> str:
    place = chance.randrange(len(token) - 1)
    return token[:place] + token[place + 1] + token[place] + token[place + 2 :]


_SPELLINGS: list[Mutation] = [_replace, _insert, _delete, _swap]
_MUTATIONS = [*_SPELLINGS, _flip_bit, _splice]
