"""Are the drawings well-formed, do they say what they show, and is their ink in proportion?"""

from xml.etree import ElementTree as ET

from app.kit.charts import DEEP, Bar, Drawing, Look, Part, bars, dots, flow

LOOK = Look("Georgia, serif")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(drawing: Drawing) -> ET.Element:
    root = ET.fromstring(drawing.svg)  # noqa: S314  our own drawing
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}desc") == drawing.alt
    return root


def test_a_flow_divides_in_proportion_and_stays_inside() -> None:
    splits = [
        (Part("avslutade", 121, "121"), Part("fortsätter", 644, "644")),
        (Part("till arbete & studier", 64, "64"), Part("annat", 57, "57")),
    ]
    root = drawn(flow("Flöde", "765 i insats", Part("i insats", 765, "765"), splits, LOOK))
    heights = [float(one.get("height", 0)) for one in root.findall(f"{SVG}rect")]
    assert len(heights) == 5
    assert abs(heights[0] / heights[2] - 765 / 121) < 0.1
    bottom = float(root.get("height", 0))
    assert all(float(one.get("y", 0)) + float(one.get("height", 0)) <= bottom for one in root.findall(f"{SVG}rect"))
    assert "till arbete & studier" in [one.text for one in root.findall(f"{SVG}text")]


def test_a_rest_of_nothing_is_not_drawn_and_all_words_stay_inside() -> None:
    splits = [
        (Part("avslutade", 25, "25"), Part("fortsätter", 0, "0")),
        (Part("till arbete", 25, "25 av 25"), Part("till annat", 0, "0")),
    ]
    root = drawn(flow("Flöde", "25 i insats", Part("i insats", 25, "25"), splits, LOOK))
    words = {str(one.text): one for one in root.iter() if one.tag.endswith("text")}
    assert {"avslutade", "till arbete"} <= words.keys()
    assert not {"fortsätter", "till annat"} & words.keys()
    height = float(root.attrib["viewBox"].split()[3])
    assert all(8 < float(one.attrib["y"]) < height for one in words.values())


def test_nothing_flows_from_nothing() -> None:
    nothing = Part("inget", 0, "0")
    assert drawn(flow("Flöde", "inget", nothing, [(nothing, nothing)], LOOK)) is not None


def test_so_many_dots_of_a_hundred_are_filled() -> None:
    circles = drawn(dots("Andel", "53 av 100", 53, LOOK, "53 av 100")).findall(f"{SVG}circle")
    assert len(circles) == 100
    assert sum(one.get("fill") == DEEP for one in circles) == 53


def test_a_bar_is_as_long_as_its_whole_and_long_names_are_cut() -> None:
    rows = [Bar("Ett", 10, 20, "10 av 20"), Bar("x" * 300, 0, 10, "0 av 10")]
    root = drawn(bars("Staplar", "två", rows, LOOK))
    widths = [float(one.get("width", 0)) for one in root.findall(f"{SVG}rect")]
    assert len(widths) == 3, "nothing is drawn for nothing"
    assert abs(widths[0] / widths[2] - 2) < 0.01
    assert abs(widths[0] / widths[1] - 2) < 0.01
    assert any(str(one.text).endswith("…") for one in root.findall(f"{SVG}text"))
    assert drawn(bars("Staplar", "inga", [], LOOK)) is not None
