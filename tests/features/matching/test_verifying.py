"""Can anybody check the proof of a run with the small script of the documentation, and does it notice what is wrong?"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from tests.features.matching.scene import Scene
from tests.features.matching.test_pins import pin
from tests.world import World

SCRIPT = Path(__file__).parents[3] / "docs" / "examples" / "verify_certificate.py"
PROVEN, FAULTY, HALF = 0, 1, 2
Proof = dict[str, Any]


@pytest.fixture(scope="module")
def told(world: World) -> tuple[Proof, list[Any]]:
    """The proof of a run with a pin, a kept proposal and too few places, and what was possible."""
    scene = Scene(world)
    scene.publish_policy()
    mentors = [scene.mentor({"mentor_capacity": 1 + number % 2}) for number in range(4)]
    mentees = [scene.mentee({"occupation_code": str(2511 + number)}) for number in range(8)]
    scene.match(mentors[1], mentees[1], MatchStatus.PROPOSED, answer_by=scene.today)
    path = scene.run(pins=[pin(mentors[0].id, mentees[0].id)], includesProposals=True)
    return scene.read(f"{path}/certificate"), scene.items(f"{path}/possible-pairs")


def check(folder: Path, *documents: Any) -> tuple[int, str]:
    files = []
    for number, document in enumerate(documents):
        files.append(folder / f"{number}.json")
        files[-1].write_text(json.dumps(document), encoding="utf-8")
    done = subprocess.run([sys.executable, SCRIPT, *files], capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode, done.stdout


def test_the_proof_of_a_run_is_checked_without_the_engine(told: tuple[Proof, list[Any]], tmp_path: Path) -> None:
    proof, possible = told
    assert len(possible) == len(proof["mentees"]) == 8
    assert check(tmp_path, proof, possible) == (
        PROVEN,
        "6 of 8 mentees are matched: proven, no other matching is better.\n",
    )
    code, said = check(tmp_path, proof)
    assert (code, "sums agree" in said) == (HALF, True)
    assert check(tmp_path)[0] == FAULTY
    assert check(tmp_path, {**proof, "isGrouped": True}, possible)[0] == HALF


def dearer(proof: Proof, possible: list[Any]) -> None:
    proof["mentees"][0]["price"] += 1


def negative(proof: Proof, possible: list[Any]) -> None:
    proof["mentees"][0]["price"] = -1


def crowded(proof: Proof, possible: list[Any]) -> None:
    proof["pairs"] = [{**one, "mentorEnrolmentId": proof["pairs"][0]["mentorEnrolmentId"]} for one in proof["pairs"]]


def doubled(proof: Proof, possible: list[Any]) -> None:
    proof["pairs"].append(proof["pairs"][0])


def one_fewer(proof: Proof, possible: list[Any]) -> None:
    proof["pairs"].pop()


def small_base(proof: Proof, possible: list[Any]) -> None:
    proof["base"] = 10_000


def undercovered(proof: Proof, possible: list[Any]) -> None:
    mentor = next(one for item in possible for one in item["mentors"])
    mentor["score"] = 10_000_000


def impossible(proof: Proof, possible: list[Any]) -> None:
    possible.clear()


@pytest.mark.parametrize("spoil", [dearer, negative, crowded, doubled, one_fewer, small_base, undercovered, impossible])
def test_what_is_wrong_is_noticed(
    told: tuple[Proof, list[Any]], tmp_path: Path, spoil: Callable[[Proof, list[Any]], None]
) -> None:
    proof, possible = json.loads(json.dumps(told))
    spoil(proof, possible)
    code, said = check(tmp_path, proof, possible)
    assert (code, said[:6]) == (FAULTY, "FAULT:")


def test_what_was_possible_is_told_only_while_the_people_are_the_same(world: World) -> None:
    scene = Scene(world)
    scene.publish_policy()
    scene.mentor()
    scene.mentee()
    queued = scene.request()
    missing = scene.proposer.get(f"{queued}/possible-pairs")
    assert (missing.status_code, missing.json()["code"]) == (404, "matching.certificate_missing")
    scene.carry_out(queued)
    assert len(scene.items(f"{queued}/possible-pairs")) == 1
    scene.mentee(status=EnrolmentStatus.PAUSED)
    assert len(scene.items(f"{queued}/possible-pairs")) == 1
    scene.mentee()
    changed = scene.proposer.get(f"{queued}/possible-pairs")
    assert (changed.status_code, changed.json()["code"]) == (409, "matching.pool_changed")
