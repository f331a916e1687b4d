"""Is a person told what is theirs, in words that a person reads?"""

from app.domain.glossary import Side
from app.domain.roles import Permission, Role
from app.domain.self_access import Group, groups, left_out, told_columns, words_for


def group(table: str) -> Group:
    return next(one for one in groups() if one.table == table)


def test_every_group_says_what_it_is_for_in_both_languages() -> None:
    for one in groups():
        assert set(one.purpose) == {"sv", "en"}
        assert all(text.endswith(".") for text in one.purpose.values()), one.table


def test_nothing_is_both_told_and_left_out() -> None:
    told = [one.table for one in groups()]
    assert len(told) == len(set(told))
    assert left_out().keys().isdisjoint(told)
    assert all(reason.endswith(".") for reason in left_out().values())


def test_internal_keys_are_not_told() -> None:
    told = told_columns(group("participant"))
    assert {"given_name", "email", "protection", "mentor_capacity"} <= told
    assert told.isdisjoint({"id", "version", "user_id", "person_id"})


def test_the_other_side_of_a_row_about_two_is_not_told() -> None:
    mine = told_columns(group("match"), [Side.MENTOR])
    assert {"status", "closure_cause", "mentor_partner_id", "mentor_reviewed_at"} <= mine
    assert not [name for name in mine if name.startswith("mentee_")]
    assert "mentee_partner_id" in told_columns(group("match"), list(Side))


def test_what_belongs_to_a_guardian_is_not_told() -> None:
    assert told_columns(group("guardian")) == {
        "partner_id",
        "given_name",
        "family_name",
        "consented_on",
        "withdrawn_on",
    }


def test_an_access_is_one_sentence() -> None:
    told = words_for("caseHandler", "participant:read", "allowed", "Påhittade kommunen")
    assert told == {
        "sv": "En handläggare hos Påhittade kommunen läste din post.",
        "en": "A case handler of Påhittade kommunen read your record.",
    }
    refused = words_for("coordinator", "enrolment:screen", "refused", None)
    assert refused["sv"] == "En samordnare nekades att arbeta med din inskrivning."
    assert words_for("mentor", "program:read", "allowed", None)["en"] == "A mentor read data about you."


def test_there_are_words_for_every_role_and_permission() -> None:
    for role in Role:
        for permission in Permission:
            for decision in ("allowed", "refused"):
                assert words_for(role.value, permission.value, decision, None).keys() == {"sv", "en"}
