"""Is what people look for found, in Swedish, by anybody, and counted rightly?"""

from uuid import uuid4

import pytest

from tests.features.catalogue.conftest import Shelf
from tests.world import World


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["women", "peers", "interns"]),
        ("q=kvinnor", ["women", "peers"]),
        ("q=kvinna", ["women", "peers"]),
        ("q=KVINNORNA", ["women", "peers"]),
        ("q=mentor", ["women", "peers"]),
        ("q=praktik", ["interns"]),
        ("q=prak", ["interns"]),
        ("q=brobyggarna", ["women"]),
        ("q=kvinnor -företag", ["women"]),
        ('q="unga tekniker"', ["interns"]),
        ("q=kvinnor praktik", []),
        ("q=kvinnor or praktik", ["women", "interns", "peers"]),
        ("q=för", ["women", "peers"]),
        ("q=och", []),
        ("q=%20", ["women", "peers", "interns"]),
        ("q=' ) | ! :* <-> \\ \"", []),
        ("category=youth", ["interns"]),
        ("kind=internship&listing=listed", ["interns"]),
        ("language=ti", ["women"]),
        ("district=Orminge", ["women", "peers"]),
        ("municipalityCode=0182", ["women", "interns"]),
        ("factor=3", ["women", "peers"]),
        ("factor=1", ["peers"]),
        ("isExample=true", ["women"]),
        ("age=17", ["women", "peers"]),
        ("age=18", ["women", "peers", "interns"]),
        ("age=22", ["women", "peers"]),
        ("q=kvinnor&language=en", ["peers"]),
    ],
)
def test_what_is_found(shelf: Shelf, query: str, names: list[str]) -> None:
    assert sorted(shelf.found(query)) == sorted(names)


def test_the_best_comes_first(shelf: Shelf) -> None:
    # In the name of the one, in the description of the other.
    assert shelf.found("q=kvinnor") == ["women", "peers"]
    assert shelf.found() == ["women", "peers", "interns"]  # by name


@pytest.mark.parametrize(
    "query", ["q=" + "a" * 201, "q=" + "mentor " * 1500, "q=%00", "age=-1", "factor=8", "language=SV", "colour=red"]
)
def test_what_no_search_takes(shelf: Shelf, query: str) -> None:
    for where in ("programs", "facets"):
        refused = shelf.anybody.get(f"/catalogue/{where}?{query}")
        assert refused.status_code in {400, 414, 422}
        assert "mentor mentor" not in refused.text


def counted(shelf: Shelf, query: str) -> dict[str, dict[str, int]]:
    facets = shelf.anybody.get(f"/catalogue/facets?{query}").json()["facets"]
    return {one["name"]: {value["value"]: value["count"] for value in one["values"]} for one in facets}


def test_facets_count_what_a_search_would_find(shelf: Shelf) -> None:
    everything = counted(shelf, "")
    assert everything["category"] == {"professionalPeers": 1, "womenWithImmigrantBackground": 1, "youth": 1}
    assert everything["language"] == {"sv": 3, "en": 1, "ti": 1}
    assert everything["district"] == {"Orminge": 2, "Fisksätra": 1}
    assert everything["factor"] == {"3": 2, "1": 1}
    assert everything["municipalityCode"] == {"0182": 2, "0180": 1}
    for name, values in everything.items():
        for value, count in values.items():
            assert len(shelf.found(f"{name}={value}")) == count


def test_a_facet_ignores_its_own_filter_and_heeds_the_others(shelf: Shelf) -> None:
    narrowed = counted(shelf, "q=kvinnor&language=ti")
    assert narrowed["language"] == {"sv": 2, "en": 1, "ti": 1}
    assert narrowed["category"] == {"womenWithImmigrantBackground": 1}
    assert counted(shelf, "q=finns%20inte")["kind"] == {}


def test_values_have_names_in_both_languages(shelf: Shelf) -> None:
    facets = shelf.anybody.get("/catalogue/facets").json()["facets"]
    labels = {value["value"]: value["label"] for one in facets for value in one["values"]}
    assert labels["internship"] == {"sv": "Praktik", "en": "Internship"}
    assert labels["ti"] == {"sv": "tigrinska", "en": "Tigrinya"}
    assert labels["Orminge"] is None


def test_pages_are_complete_and_without_repetition(shelf: Shelf) -> None:
    seen: list[str] = []
    for page in (1, 2, 3):
        answered = shelf.anybody.get(f"/catalogue/programs?limit=1&page={page}").json()
        seen += [one["id"] for one in answered["items"]]
        assert answered["meta"]["totalCount"] == 3
    assert seen == [str(shelf.programs[one]) for one in ("women", "peers", "interns")]
    assert shelf.anybody.get("/catalogue/programs?limit=1&page=4").json()["items"] == []


def test_what_is_not_published_is_not_there(shelf: Shelf, world: World) -> None:
    unseen, absent = (shelf.anybody.get(f"/catalogue/programs/{one}") for one in (shelf.programs["draft"], uuid4()))
    assert (unseen.status_code, unseen.json()["code"]) == (404, "resource.not_found")
    assert {**unseen.json(), "instance": "", "traceId": ""} == {**absent.json(), "instance": "", "traceId": ""}
    assert shelf.anybody.get("/catalogue/programs/none").status_code == 404
