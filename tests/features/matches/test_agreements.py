"""Do both sign one version of the mutual agreement before the start, each by own login or noted by staff?"""

from io import BytesIO
from typing import Any

import pypdf
import pytest

from app.domain.lifecycles import MatchStatus
from app.domain.roles import Role
from tests.features.matches.pairs import DUTIES, Pair, Place
from tests.features.matches.test_course import day
from tests.world import Client, World

TEXT = {
    "language": "sv",
    "title": "Överenskommelse mellan mentor och adept",
    "preamble": "Vi har talat om vad vi vill med mentorskapet.\n\nDet här har vi kommit fram till.",
    "points": [
        "Vi träffas minst två gånger i månaden.",
        "Det vi berättar för varandra stannar mellan oss.",
        "Vi hör av oss i god tid om något kommer emellan.",
    ],
}
PDF = {"Accept": "application/pdf"}


@pytest.fixture
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def signing(place: Place) -> Client:
    return place.staff(Role.COORDINATOR)


def published(signing: Client, place: Place, **over: Any) -> dict[str, Any]:
    return signing.made(f"/programs/{place.program}/match-agreement-texts", {**TEXT, **over})


def sign(client: Client, pair: Pair, side: str, text: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = client.post(f"{pair.path}/signatures", {"side": side, "textId": text["id"]})
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def start(pair: Pair) -> Any:
    return pair.place.staff().post(f"{pair.path}/activation", {"startsOn": day(pair.place, 0)})


def test_a_match_starts_when_both_have_signed(place: Place, signing: Client) -> None:
    text, pair = published(signing, place), place.prepared()
    refused = start(pair)
    assert (refused.status_code, refused.json()["code"]) == (409, "match.not_prepared")
    assert refused.json()["context"]["missing"] == {"mentor": ["matchAgreement"], "mentee": ["matchAgreement"]}
    half = sign(pair.mentor.client, pair, "mentor", text)
    assert (half["isSigned"], [one["signer"] for one in half["parties"]]) == (False, ["self", None])
    assert start(pair).json()["context"]["missing"] == {"mentor": [], "mentee": ["matchAgreement"]}
    assert sign(pair.mentee.client, pair, "mentee", text)["isSigned"]
    assert start(pair).status_code == 200
    assert sign(pair.mentee.client, pair, "mentee", text, 409)["code"] == "match.already_signed"


def test_without_a_text_nothing_is_signed(place: Place) -> None:
    pair = place.prepared()
    assert pair.mentor.client.get(f"{pair.path}/agreement").status_code == 404
    assert start(pair).status_code == 200


def test_two_versions_are_no_agreement(place: Place, signing: Client) -> None:
    first, pair = published(signing, place), place.prepared()
    sign(pair.mentor.client, pair, "mentor", first)
    second = published(signing, place, points=["Vi träffas en gång i veckan."])
    assert second["number"] == 2
    sign(pair.mentee.client, pair, "mentee", second)
    assert start(pair).json()["context"]["missing"] == {"mentor": ["matchAgreement"], "mentee": []}
    assert sign(pair.mentor.client, pair, "mentor", first, 409)["code"] == "match.already_signed"
    assert sign(pair.mentor.client, pair, "mentor", second)["isSigned"]
    assert sign(pair.mentor.client, pair, "mentor", first, 409)["code"] == "match.agreement_text_outdated"
    third = published(signing, place)
    assert third["number"] == 3
    told = pair.mentor.client.get(f"{pair.path}/agreement").json()
    assert (told["isSigned"], told["text"]["number"]) == (True, 2)
    assert start(pair).status_code == 200  # what both have agreed on stays agreed


def test_a_translation_is_the_same_version(place: Place, signing: Client) -> None:
    swedish, pair = published(signing, place), place.prepared()
    english = published(signing, place, language="en", number=1, title="Agreement", points=["We meet."])
    assert english["number"] == 1
    sign(pair.mentor.client, pair, "mentor", swedish)
    assert sign(pair.mentee.client, pair, "mentee", english)["isSigned"]
    in_english = pair.mentee.client.get(f"{pair.path}/agreement", headers={"Accept-Language": "en"})
    assert (in_english.json()["text"]["title"], in_english.headers["content-language"]) == ("Agreement", "en")
    path = f"/programs/{place.program}/match-agreement-texts"
    twice = signing.post(path, {**TEXT, "number": 1})
    assert (twice.status_code, twice.json()["code"]) == (409, "match.agreement_language_taken")
    ahead = signing.post(path, {**TEXT, "number": 2})
    assert (ahead.status_code, ahead.json()["code"]) == (422, "match.agreement_text_unknown")
    assert [one["language"] for one in signing.get(f"{path}?language=en").json()["items"]] == ["en"]
    assert len(signing.get(path).json()["items"]) == 2


def test_staff_note_and_nobody_signs_for_the_other(place: Place, signing: Client) -> None:
    text, pair = published(signing, place), place.pair(status=MatchStatus.ACCEPTED, mentor_place=1)
    other = pair.mentor.client.post(f"{pair.path}/signatures", {"side": "mentee", "textId": text["id"]})
    assert (other.status_code, other.json()["code"]) == (403, "access.not_your_side")
    holder = place.staff(partner=place.association)
    foreign = holder.post(f"{pair.path}/signatures", {"side": "mentee", "textId": text["id"]})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "access.not_your_side")
    sign(holder, pair, "mentor", text)
    noted = sign(signing, pair, "mentee", text)
    assert [one["signer"] for one in noted["parties"]] == ["staff", "staff"]
    elsewhere = published(place.staff(Role.COORDINATOR), place)
    strange = Place(place.world).pair(status=MatchStatus.ACCEPTED, mentor_place=1)
    unknown = strange.mentor.client.post(f"{strange.path}/signatures", {"side": "mentor", "textId": elsewhere["id"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "match.agreement_text_unknown")
    early = place.pair()
    refused = early.mentor.client.post(f"{early.path}/signatures", {"side": "mentor", "textId": text["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "match.agreement_not_open")


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def test_the_page_says_what_was_agreed_and_by_whom(place: Place, signing: Client) -> None:
    text, pair = published(signing, place), place.prepared()
    sign(pair.mentor.client, pair, "mentor", text)
    got = pair.mentor.client.get(f"{pair.path}/agreement", headers=PDF)
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    said = words(got.content)
    for expected in (*TEXT["points"], TEXT["title"], pair.mentor.row.given_name, pair.mentee.row.given_name):
        assert str(expected) in said
    assert "Undertecknat med egen inloggning den 2 mars 2026" in said
    assert "Inte undertecknat" in said


def test_after_the_end_the_page_names_the_other_no_more(place: Place, signing: Client) -> None:
    text, pair = published(signing, place), place.prepared()
    for person, side in ((pair.mentor, "mentor"), (pair.mentee, "mentee")):
        sign(person.client, pair, side, text)
    assert start(pair).status_code == 200
    other = str(pair.mentee.row.given_name)
    assert other in words(pair.mentor.client.get(f"{pair.path}/agreement", headers=PDF).content)
    place.staff().made(f"{pair.path}/closure", {"closedOn": day(place, 0), "cause": "naturalEnd"}, status=200)
    for headers in (PDF, {}):
        left = pair.mentor.client.get(f"{pair.path}/agreement", headers=headers)
        told = words(left.content) if headers else left.text
        assert left.status_code == 200
        assert str(pair.mentor.row.given_name) in told
        assert other not in told


def test_a_text_that_cannot_be_printed_is_refused_and_still_read(place: Place, signing: Client) -> None:
    published(signing, place, preamble="Ett tecken utan bild här: 小")
    pair = place.prepared()
    refused = pair.mentor.client.get(f"{pair.path}/agreement", headers=PDF)
    assert (refused.status_code, refused.json()["code"]) == (409, "match.agreement_not_printable")
    assert pair.mentor.client.get(f"{pair.path}/agreement").status_code == 200


def test_who_publishes(place: Place) -> None:
    path = f"/programs/{place.program}/match-agreement-texts"
    refused = place.staff(Role.COORDINATOR, place.association).post(path, TEXT)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert refused.json()["context"]["duties"][0]["duty"] == DUTIES[2]
    number = "Kontakt: 19121212-1212"
    personal = place.staff(Role.COORDINATOR).post(path, {**TEXT, "preamble": number})
    assert (personal.status_code, personal.json()["code"]) == (422, "text.personnummer_refused")
    text = published(place.staff(Role.COORDINATOR), place)
    assert place.pair().mentee.client.get(f"/match-agreement-texts/{text['id']}").json() == text
