"""Is a line of the access log what was sealed? Checks a proof with nothing but Python's standard library.

    python3 verify_access_record.py proof.json jwks.json [anchor.jsonl]

`proof.json` is the answer of `GET /partners/{partnerId}/accesses/{accessId}/proof` (or what `mentorskap audit proof` prints),
`jwks.json` that of `/.well-known/jwks.json`, `anchor.jsonl` the anchor file, if you have it. Five steps: the text of the line
has the digest; the digest, in its entry, leads by the path to the root of the tree (RFC 6962); the checkpoint names that root;
the checkpoint has the root that was signed; the signature is by a key of the installation (ES256).

Exit code 0: proven. 1: something does not hold.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

HEADING = b"mentorskap audit seal 1\n"
FEWEST_FILES, MOST_FILES = 2, 3
# The curve P-256 (FIPS 186-5): y² = x³ - 3x + B modulo P, a generator of order N.
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def check(proof, jwks, anchor=None):
    """The faults of a proof; none: the line is what was sealed."""
    yield from check_line(proof)
    yield from check_seal(proof, jwks)
    if anchor is not None:
        number = json.loads(proof["checkpoint"])["number"]
        if proof["root"] not in {one["root"] for one in anchor if one["number"] == number}:
            yield "the anchor has another checkpoint of that number, or none"


def check_line(proof):
    """Is the line in the tree of the checkpoint?"""
    if proof["record"] is not None and sha256(proof["record"].encode()) != proof["recordDigest"]:
        yield "the text of the line has another digest"
    if proof["record"] is not None and str(json.loads(proof["record"])["id"]) != proof["accessId"]:
        yield "the text is that of another line"
    entry = b"a" + int(proof["accessId"]).to_bytes(8, "big") + bytes.fromhex(proof["recordDigest"])
    path = [bytes.fromhex(one) for one in proof["path"]]
    tree = root_by_path(entry, proof["index"], proof["size"], path)
    if tree is None or json.loads(proof["checkpoint"])["treeRoot"] != tree.hex():
        yield "the path does not lead to the tree of the checkpoint"


def check_seal(proof, jwks):
    """Did the installation sign the checkpoint?"""
    if sha256(proof["checkpoint"].encode()) != proof["root"]:
        yield "the checkpoint has another root"
    keys = {one["kid"]: one for one in jwks["keys"]}
    if proof["kid"] not in keys:
        yield "the key is not one of the installation"
    elif not is_signed(keys[proof["kid"]], HEADING + proof["root"].encode(), proof["signature"]):
        yield "the signature is not by that key"


def sha256(text):
    return hashlib.sha256(text).hexdigest()


def root_by_path(entry, index, size, path):
    """The root of a tree of `size` entries with this entry at `index`; None when no tree has such a path."""
    if not 0 <= index < size or (size == 1) != (not path):
        return None
    if size == 1:
        return hashlib.sha256(b"\x00" + entry).digest()
    split = 1 << (size - 1).bit_length() - 1
    is_left = index < split
    rest = (index, split) if is_left else (index - split, size - split)
    inner = root_by_path(entry, *rest, path[:-1])
    if inner is None:
        return None
    return hashlib.sha256(b"\x01" + (inner + path[-1] if is_left else path[-1] + inner)).digest()


def is_signed(jwk, message, signature):
    """ECDSA over P-256 with SHA-256 (FIPS 186-5, 6.4)."""
    raw = decode(signature)
    x, y = (int.from_bytes(decode(jwk[name]), "big") for name in "xy")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if len(raw) != 64 or not (0 < r < N and 0 < s < N) or (y * y - x**3 + 3 * x - B) % P:  # noqa: PLR2004  two halves of 32
        return False
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    inverse = pow(s, -1, N)
    point = add(times(GENERATOR, digest * inverse % N), times((x, y), r * inverse % N))
    return point is not None and point[0] % N == r


def add(one, other):
    """The sum of two points of the curve; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % P == 0:
            return None
        slope = (3 * one[0] ** 2 - 3) * pow(2 * one[1], -1, P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    x = (slope**2 - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(point, number):
    """A point added to itself."""
    found = None
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def main(files):
    if not FEWEST_FILES <= len(files) <= MOST_FILES:
        print(__doc__)
        return 1
    proof, jwks = (json.loads(Path(one).read_text(encoding="utf-8")) for one in files[:2])
    lines = [Path(one).read_text(encoding="utf-8").splitlines() for one in files[2:]]
    anchor = [json.loads(line) for line in lines[0] if line] if lines else None
    faults = list(check(proof, jwks, anchor))
    for fault in faults:
        print(f"FAULT: {fault}")
    if not faults:
        print(f"Line {proof['accessId']} is what was sealed in checkpoint {json.loads(proof['checkpoint'])['number']}.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
