"""Does the digest say how much is unread and where, in two languages?"""

from app.domain.digests import MOST_LINES, Line, write_digest
from app.domain.waiting import WORDS, WaitingKind


def line(number: int, posts: int = 2, mentions: int = 0) -> Line:
    return Line(f"Program {number:02d}", f"https://x.example/{number}", posts, mentions)


def test_it_counts_in_both_languages_mentions_first() -> None:
    letter = write_digest([line(1), line(2, posts=1, mentions=1)])
    assert letter.subject == "Olästa inlägg i samverkanskanalerna: 3"
    swedish, english = letter.body.split("***")
    assert swedish.index("Program 02: 1 oläst inlägg, 1 där du") < swedish.index("Program 01: 2 olästa inlägg\n")
    assert "Program 02: 1 unread post, 1 that mention" in english
    assert "https://x.example/2" in english


def test_a_long_list_ends() -> None:
    letter = write_digest([line(number) for number in range(MOST_LINES + 3)])
    assert "… och 3 program till." in letter.body
    assert letter.body.count("https://") == 2 * MOST_LINES


def test_everything_that_waits_has_its_words() -> None:
    assert set(WORDS) == set(WaitingKind)
    assert all(words["sv"] != words["en"] for words in WORDS.values())
