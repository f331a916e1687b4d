"""Is a matching run really the best there is? Checks the proof of a run with nothing but Python's standard library.

    python3 verify_certificate.py certificate.json possible-pairs.json

`certificate.json` is the answer of `GET /match-runs/{matchRunId}/certificate`; `possible-pairs.json` is a list of the
`items` of every page of `GET /match-runs/{matchRunId}/possible-pairs`. Why it is enough: give every mentee a price u and
every place with a mentor a price v, none below zero, so that for every possible pair u + v is at least what the pair weighs.
Then no matching weighs more than all prices together (weak duality). If the suggested pairs weigh exactly that, nothing is
better. No solver is needed, and it does not matter how the prices were found.

Exit code 0: proven. 1: something does not hold. 2: it cannot be told: the possible pairs are missing, or the run is about groups.
"""

import json
import sys
from collections import Counter
from pathlib import Path

FULL_SCORE = 10_000
MOST_FILES = 2


def check_sums(proof):
    """Faults in the certificate itself: prices, places, and whether the suggested pairs weigh what is claimed."""
    mentees = {one["enrolmentId"]: one for one in proof["mentees"]}
    mentors = {one["enrolmentId"]: one for one in proof["mentors"]}
    if any(one["price"] < 0 for one in [*mentees.values(), *mentors.values()]):
        yield "a price is below zero"
    if proof["base"] <= (FULL_SCORE + proof["keepBonus"]) * len(mentees):
        yield "the base does not exceed all scores together, so a score might count for more than a person"
    served = Counter(pair["menteeEnrolmentId"] for pair in proof["pairs"])
    if any(count > 1 for count in served.values()):
        yield "a mentee has two mentors"
    places = places_left(proof)
    taken = Counter(pair["mentorEnrolmentId"] for pair in proof["pairs"] if not pair["isPinned"])
    if any(count > places[mentor] for mentor, count in taken.items()):
        yield "a mentor has more mentees than places"
    weight = sum(weigh(proof, mentees, pair) for pair in proof["pairs"] if not pair["isPinned"])
    if weight != proof["weight"]:
        yield f"the suggested pairs weigh {weight}, not {proof['weight']}"
    bound = sum(one["price"] for one in mentees.values())
    bound += sum(one["price"] * places[mentor] for mentor, one in mentors.items())
    if bound != proof["bound"]:
        yield f"the prices make a bound of {bound}, not {proof['bound']}"
    if bound != weight:
        yield f"a matching may weigh {bound - weight} more: the run is not proven to be the best"


def check_cover(proof, possible):
    """Faults in what the prices must cover: every possible pair, and every suggested pair must be possible."""
    mentees = {one["enrolmentId"]: one for one in proof["mentees"]}
    price = {one["enrolmentId"]: one["price"] for one in proof["mentors"]}
    kept = {(one["mentorEnrolmentId"], one["menteeEnrolmentId"]) for one in proof["pairs"] if one["isKept"]}
    seen = {}
    for item in possible:
        mentee = item["menteeEnrolmentId"]
        for mentor in item["mentors"]:
            pair = {"mentorEnrolmentId": mentor["enrolmentId"], "menteeEnrolmentId": mentee, "score": mentor["score"]}
            is_kept = mentor["isKept"] or (mentor["enrolmentId"], mentee) in kept
            weight = weigh(proof, mentees, {**pair, "isKept": is_kept})
            if mentees[mentee]["price"] + price[mentor["enrolmentId"]] < weight:
                yield f"mentee {mentee} and mentor {mentor['enrolmentId']} weigh more than their prices"
            seen[mentor["enrolmentId"], mentee] = mentor["score"]
    for pair in proof["pairs"]:
        where = (pair["mentorEnrolmentId"], pair["menteeEnrolmentId"])
        if not pair["isPinned"] and seen.get(where) != pair["score"]:
            yield f"mentee {where[1]} and mentor {where[0]} are suggested but not possible with that score"


def weigh(proof, mentees, pair):
    """What a pair weighs: people first, then waiting, then the score."""
    waiting = mentees[pair["menteeEnrolmentId"]]["waitingDays"]
    tier = 1 + min(waiting // proof["tierDays"], proof["maxTier"] - 1)
    return proof["base"] * tier + pair["score"] + (proof["keepBonus"] if pair["isKept"] else 0)


def places_left(proof):
    """Free places of each mentor when the pinned pairs have theirs."""
    most = proof["mostMentees"]
    free = {one["enrolmentId"]: one["freePlaces"] for one in proof["mentors"]}
    pinned = Counter(pair["mentorEnrolmentId"] for pair in proof["pairs"] if pair["isPinned"])
    return {one: (count if most is None else min(count, most)) - pinned[one] for one, count in free.items()}


def main(files):
    if not 1 <= len(files) <= MOST_FILES:
        print(__doc__)
        return 1
    proof, *possible = (json.loads(Path(one).read_text(encoding="utf-8")) for one in files)
    if proof["isGrouped"]:
        print("Group mentoring: this proof is made in stages and is not checked here.")
        return 2
    faults = [*check_sums(proof)]
    for pairs in possible:
        faults += check_cover(proof, pairs)
    for fault in faults:
        print(f"FAULT: {fault}")
    if faults:
        return 1
    people = f"{len(proof['pairs'])} of {len(proof['mentees'])} mentees are matched"
    if not possible:
        print(f"{people}; the sums agree. Give the possible pairs too, to see that the prices cover every one of them.")
        return 2
    print(f"{people}: proven, no other matching is better.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
