"""Does another system keep people right by its own keys: made once, changed when told otherwise, and otherwise untouched?"""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from app.domain.glossary import Concealing
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment
from app.features.changes.tables import Change
from app.features.participants import queries
from app.features.participants.tables import ContactDigest, Participant
from tests.world import Client, World

FACTS = {
    "givenName": "Påhittad",
    "familyName": "Volontär",
    "bornOn": "1980-05-17",
    "gender": "female",
    "email": "pahittad@example.org",
    "languages": [{"code": "sv", "level": "C1"}],
    "availability": [{"weekday": 1, "fromHour": 17, "untilHour": 20}],
}
SCOPES = ["participant:create", "participant:update", "participant:read"]
SEES = "partner:read"


class Holder:
    """A partner with a system of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.id = world.partner()
        self.client = world.client(Role.SERVICE, self.id, [SEES, *SCOPES])
        self.people = f"/partners/{self.id}/participants"

    def at(self, key: str, system: str = "crm") -> str:
        return f"{self.people}/by-external-id/{system}/{key}"

    def changes(self, participant_id: str) -> list[str]:
        with Session(self.world.engine) as session:
            found = session.exec(
                select(Change.kind).where(Change.subject_id == UUID(participant_id)).order_by(col(Change.id))
            )
            return [str(kind) for kind in found]


@pytest.fixture
def holder(world: World) -> Holder:
    return Holder(world)


def outcome(response: Any) -> tuple[int, str]:
    return response.status_code, response.headers.get("mentorskap-sync-outcome", "")


def test_made_once_then_unchanged_then_changed(holder: Holder) -> None:
    first = holder.client.put(holder.at("a-1"), FACTS)
    assert outcome(first) == (201, "created")
    made = first.json()
    assert first.headers["location"].endswith(f"/participants/{made['id']}")
    assert (made["externalSystem"], made["externalId"], made["availability"]) == ("crm", "a-1", FACTS["availability"])
    again = holder.client.put(holder.at("a-1"), FACTS)
    assert (*outcome(again), again.headers["etag"]) == (200, "unchanged", first.headers["etag"])
    assert again.json() == made
    assert holder.changes(made["id"]) == ["participant.created"]
    moved = holder.client.put(holder.at("a-1"), {"email": "ny@example.org"})
    assert outcome(moved) == (200, "changed")
    assert moved.json() | {"email": made["email"], "version": 1, "updatedAt": made["updatedAt"]} == made
    assert moved.headers["etag"] != first.headers["etag"]
    assert holder.changes(made["id"]) == ["participant.created", "participant.updated"]
    read = holder.client.get(holder.at("a-1"))
    assert (read.status_code, read.json(), read.headers["etag"]) == (200, moved.json(), moved.headers["etag"])


def test_null_clears_what_may_be_empty_and_nothing_else(holder: Holder) -> None:
    holder.client.put(holder.at("a-2"), FACTS)
    assert holder.client.put(holder.at("a-2"), {"email": None}).json()["email"] is None
    refused = holder.client.put(holder.at("a-2"), {"givenName": None})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/givenName")


def test_somebody_new_needs_what_every_record_has(holder: Holder) -> None:
    refused = holder.client.put(holder.at("a-3"), {"givenName": "Påhittad"})
    assert refused.status_code == 422
    assert {(one["pointer"], one["code"]) for one in refused.json()["errors"]} == {
        ("/familyName", "field.missing"), ("/bornOn", "field.missing"), ("/gender", "field.missing"),
    }  # fmt: skip
    assert holder.client.get(holder.at("a-3")).json()["code"] == "participant.external_id_unknown"


def test_an_entity_tag_that_is_given_is_kept_to(holder: Holder) -> None:
    early = holder.client.put(holder.at("a-4"), FACTS, headers={"If-Match": '"1"'})
    assert (early.status_code, early.json()["code"]) == (412, "resource.changed_meanwhile")
    tag = holder.client.put(holder.at("a-4"), FACTS).headers["etag"]
    kept = holder.client.put(holder.at("a-4"), {"district": "Boo"}, headers={"If-Match": tag})
    assert outcome(kept) == (200, "changed")
    late = holder.client.put(holder.at("a-4"), {"district": "Älta"}, headers={"If-Match": tag})
    assert late.status_code == 412


@pytest.mark.parametrize("missing", SCOPES)
def test_each_scope_is_needed(holder: Holder, missing: str) -> None:
    narrow = holder.world.client(Role.SERVICE, holder.id, [SEES, *(one for one in SCOPES if one != missing)])
    for refused in (
        narrow.put(holder.at("a-5"), FACTS),
        narrow.post(f"/partners/{holder.id}/participant-batches", {"items": [item("a-5")]}),
        narrow.put(holder.at("a-5") + "/availability", {"hasRemote": False}),
    ):
        assert (refused.status_code, refused.json()["context"]) == (403, {"permission": missing})


def test_another_partner_neither_reads_nor_writes(holder: Holder) -> None:
    holder.client.put(holder.at("a-6"), FACTS)
    other = Holder(holder.world).client
    assert other.get(holder.at("a-6")).status_code in {403, 404}
    assert other.put(holder.at("a-6"), FACTS).status_code in {403, 404}
    for role in (Role.COORDINATOR, Role.MENTOR, Role.MENTEE, Role.PARTNER_ADMINISTRATOR):
        assert holder.world.client(role, holder.id).put(holder.at("a-6"), FACTS).status_code == 403


def test_whose_identity_is_protected_is_neither_shown_nor_changed(holder: Holder) -> None:
    person = holder.client.put(holder.at("a-7"), FACTS).json()
    holder.world.add(
        Concealment(participant_id=UUID(person["id"]), partner_id=holder.id, kind=Concealing.PROTECTED_IDENTITY)
    )
    refused = holder.client.put(holder.at("a-7"), FACTS | {"district": "Boo"})
    assert (refused.status_code, refused.json()["code"]) == (409, "participant.external_id_taken")
    told = batch(holder.client, holder, [item("a-7"), item("a-8")], mode="rowByRow")
    assert [one["outcome"] for one in told["items"]] == ["refused", "created"]
    assert told["items"][0]["problem"]["code"] == "participant.external_id_taken"
    assert told["items"][0]["participantId"] is None
    assert holder.client.get(holder.at("a-7")).status_code == 404
    assert holder.client.put(holder.at("a-7") + "/availability", {"hasRemote": False}).status_code == 404


def test_a_key_is_no_personnummer(holder: Holder) -> None:
    refused = holder.client.put(holder.at("19811228-9874"), FACTS)
    assert (refused.status_code, refused.json()["code"]) == (422, "text.personnummer_refused")
    assert "9874" not in refused.text
    assert holder.client.put(holder.at("a%20b"), FACTS).status_code == 422


def test_availability_alone(holder: Holder) -> None:
    assert holder.client.put(holder.at("b-1") + "/availability", {}).status_code == 404
    made = holder.client.put(holder.at("b-1"), FACTS)
    times = {"availability": [{"weekday": 3, "fromHour": 9, "untilHour": 12}], "hasRemote": False, "mentorCapacity": 3}
    told = holder.client.put(holder.at("b-1") + "/availability", times)
    assert outcome(told) == (200, "changed")
    assert {name: told.json()[name] for name in times} == times
    assert outcome(holder.client.put(holder.at("b-1") + "/availability", times)) == (200, "unchanged")
    assert outcome(holder.client.put(holder.at("b-1") + "/availability", {})) == (200, "unchanged")
    stale = {"If-Match": made.headers["etag"]}
    assert holder.client.put(holder.at("b-1") + "/availability", {"hasRemote": True}, headers=stale).status_code == 412


def item(key: str, **over: Any) -> dict[str, Any]:
    return {**FACTS, "email": f"{key}@example.org", "externalSystem": "crm", "externalId": key, **over}


def batch(client: Client, holder: Holder, items: list[dict[str, Any]], **over: Any) -> dict[str, Any]:
    return client.made(f"/partners/{holder.id}/participant-batches", {"items": items, **over}, status=200)


def counts(told: dict[str, Any]) -> tuple[int, ...]:
    return tuple(told[name] for name in ("created", "changed", "unchanged", "refused"))


def test_a_batch_twice(holder: Holder) -> None:
    items = [item(f"c-{number}") for number in range(50)]
    first = batch(holder.client, holder, items)
    assert (first["isApplied"], counts(first)) == (True, (50, 0, 0, 0))
    second = batch(holder.client, holder, items)
    assert counts(second) == (0, 0, 50, 0)
    ids = [one["participantId"] for one in first["items"]]
    assert [one["participantId"] for one in second["items"]] == ids
    assert all(holder.changes(one) == ["participant.created"] for one in ids)
    third = batch(holder.client, holder, [items[0], items[1] | {"district": "Boo"}])
    assert counts(third) == (0, 1, 1, 0)
    with Session(holder.world.engine) as session:
        kept = session.exec(
            select(func.count()).where(Participant.partner_id == holder.id, col(Participant.is_anonymous).is_(False))
        )
        assert kept.one() == 50, "who is left out stays"
        seen = session.exec(
            select(AccessRecord).where(AccessRecord.partner_id == holder.id).order_by(col(AccessRecord.id))
        )
        assert [len(one.people) for one in seen] == [50, 50, 2]


def test_a_refused_row_holds_back_the_whole_or_only_itself(holder: Holder) -> None:
    items = [
        item("d-1"),
        item("d-2", bornOn="2090-01-01"),
        item("d-1"),
        item("d-3", email="nej"),
        item("å ä", email=None),
    ]
    items.append({"externalSystem": "crm", "externalId": "d-4", "givenName": "Påhittad"})
    whole = batch(holder.client, holder, items)
    assert (whole["isApplied"], counts(whole)) == (False, (0, 0, 0, 5))
    assert [one["outcome"] for one in whole["items"]] == ["notApplied", *["refused"] * 5]
    assert holder.client.get(holder.at("d-1")).status_code == 404
    each = batch(holder.client, holder, items, mode="rowByRow")
    assert (each["isApplied"], counts(each)) == (True, (1, 0, 0, 5))
    told = [
        (one["externalId"], one["problem"] and (one["problem"]["code"], one["problem"]["pointer"]))
        for one in each["items"]
    ]
    assert told == [
        ("d-1", None),
        ("d-2", ("participant.born_on_invalid", "/bornOn")),
        ("d-1", ("sync.external_id_twice", "/externalId")),
        ("d-3", ("field.invalid", "/email")),
        (None, ("field.invalid", "/externalId")),
        ("d-4", ("field.missing", "/familyName")),
    ]
    assert "nej" not in str(each)


def test_a_dry_run_tells_and_keeps_nothing(holder: Holder) -> None:
    holder.client.put(holder.at("e-1"), FACTS)
    items = [item("e-1", email=FACTS["email"]), item("e-2"), item("e-3", gender="x")]
    told = batch(holder.client, holder, items, isDryRun=True)
    assert (told["isApplied"], counts(told)) == (False, (1, 0, 1, 1))
    assert [one["participantId"] is None for one in told["items"]] == [False, True, True]
    assert holder.client.get(holder.at("e-2")).status_code == 404


def test_possible_duplicates_are_counted_and_nothing_is_merged(holder: Holder) -> None:
    twin = {"email": "samma@example.org"}
    told = batch(holder.client, holder, [item("f-1", **twin), item("f-2", **twin), item("f-3")])
    assert [one["possibleDuplicates"] for one in told["items"]] == [1, 1, 0]
    again = batch(holder.client, holder, [item("f-3", **twin)])
    assert [one["possibleDuplicates"] for one in again["items"]] == [2]
    with Session(holder.world.engine) as session:
        digests = session.exec(select(func.count()).where(ContactDigest.partner_id == holder.id))
        assert digests.one() == 3


def test_a_batch_is_bounded(holder: Holder) -> None:
    path = f"/partners/{holder.id}/participant-batches"
    assert holder.client.post(path, {"items": []}).status_code == 422
    assert holder.client.post(path, {"items": [item("x")] * 201}).status_code == 422
    assert holder.client.post(path, {"items": ["x"]}).status_code == 422
    named = holder.client.post(path, {"items": [item("x", phone="811228-9874")]})
    assert (named.json()["code"], named.json()["errors"][0]["pointer"]) == (
        "text.personnummer_refused",
        "/items/0/phone",
    )


def test_whoever_is_kept_from_the_caller_meanwhile_is_not_changed(
    holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch(holder.client, holder, [item("g-1")])
    monkeypatch.setattr(queries, "by_external_keys", lambda *_: {})
    told = batch(holder.client, holder, [item("g-1", district="Boo")], mode="rowByRow")
    assert [(one["outcome"], one["problem"]["code"]) for one in told["items"]] == [
        ("refused", "participant.external_id_taken")
    ]
