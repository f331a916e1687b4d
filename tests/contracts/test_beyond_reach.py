"""Where does the code look beyond the caller's reach, and why? Each place is a decision, written down here."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = {"beyond_reach", "looks_beyond_reach"}
DEFINED_IN = "app/features/access/rows.py"
SETTING = "mentorskap.beyond_reach"

REASONS = {
    "access/guards.py steward": "what the calendar decides concerns everybody; a scheduled job answers nobody",
    "access/queries.py people_behind": "whose data an answer showed, for the record of accesses; answers ids to the record",
    "accounts/actions/users.py close_account": "a person who becomes anonymous loses the login; case handlers do not see accounts",
    "agreements/queries.py concerned": "which partners have people in a program; answers partners, no people",
    "consents/queries.py consent_in_force": "whoever acts, what was consented to decides; asked by id",
    "consents/queries.py consenting": "whoever acts, what was consented to decides; asked by ids",
    "cooperation/queries/allies.py colleagues_among": "whether those who are mentioned read the channel; answers ids that were asked about",
    "cooperation/queries/allies.py members": "colleagues of other partners in the same channel, who can be mentioned; names of staff, never of the protected",
    "cooperation/queries/allies.py names_of_authors": "who wrote a post that the caller reads; names of staff, never of the protected",
    "enrolments/actions/steps.py fill_places": "the longest waiting moves up, whoever holds them; answers nothing",
    "enrolments/queries.py free_places": "a cohort's places are counted over all partners; answers a number",
    "enrolments/queries.py has_open_match": "a match binds whether the caller sees it or not; answers yes or no",
    "enrolments/queries.py waiting_line": "the line is one, whoever holds the people in it; moved, never answered with",
    "follow_ups/actions/plans.py waive_open": "a match that ends takes all its contacts along, also those with the other side",
    "follow_ups/queries/follow_ups.py earliest_day": "when the match began or ended; answers a day",
    "accounts/queries/logins.py invited": "whoever invited somebody may do so again; answers an account that nobody uses yet",
    "gaps/queries/missing.py _reasons": "why matchings left people over, whoever holds them; numbers are protected before they are told",
    "gaps/queries/waiting.py waiting_in": "who waits, over all partners' people; numbers are protected before they are told",
    "imports/actions/course.py _forget_file": "a file of personal data goes when its import ends, whoever ends it; answers nothing",
    "imports/actions/course.py begin_anew": "what was told of rows that were not kept, whoever they are about, is told anew; answers nothing",
    "imports/actions/course.py take_back_rows": "rows that were not applied are told as such, whoever they are about; answers nothing",
    "matches/actions/expectations.py answer_expectations": "a new answer clears reviews in matches whose other side the caller may not see",
    "matches/actions/proposals.py expire_unanswered": "unanswered proposals lapse in every program of the mentor",
    "matches/actions/proposals.py propose_match": "both sides' enrolments and the mentor's places, for one who approves",
    "matches/actions/proposals.py take_back": "proposals that a run moves are withdrawn, whoever holds the two; answers nothing",
    "matches/actions/proposals.py refuse_guardian": "compares contacts of people of two partners; answers by a refusal",
    "matches/queries/expectations.py answers_of_pair": "how the two differ; the caller has checked that it may be shown to this side",
    "matches/queries/expectations.py missing_preparation": "who starts a match asks whether both are prepared; answers what is missing",
    "matches/queries/people.py contact": "the other person of a match; `domain/visibility.py` decides which fields are shown",
    "matches/queries/people.py subjects": "both people of a match; `domain/visibility.py` decides which fields are shown",
    "matches/queries/places.py blocked_pairs": "who is ruled out is not proposed again; used by the engine, never answered with",
    "matches/queries/places.py held_places": "a mentor's places are counted over all programs; answers numbers",
    "matches/queries/places.py hold_enrolment": "both enrolments must be ready; read for their status, by the pair or its staff",
    "matches/queries/places.py lock_mentor": "acceptances of one mentor queue up at the mentor's row; read for the capacity",
    "matching/queries/blocks.py known_enrolment": "staff who propose matches name people whom other partners hold, by enrolment; answers ids",
    "matching/queries/blocks.py ruled_out": "who is ruled out is not proposed; used by the engine, never answered with",
    "matching/queries/people.py read_ready": "the engine reads everybody who is ready; the answer holds ids, by matchRun:read",
    "matches/queries/rematches.py barred_from_rematch": "who is not matched again yet is left out by the engine; ids, never answered with",
    "matches/queries/rematches.py rematch_of_pair": "the other ended matches of the two; answers a day and codes to who follows up or holds",
    "matching/queries/runs.py lock_movable": "the proposals that a run was free to move, for one who approves; answers nothing",
    "matching/queries/people.py unreachable": "who is kept from the caller, to leave them out of the answer",
    "matching/queries/runs.py standings": "whether the suggested pairs still hold; answers which do not, by their ids",
    "outcomes/actions.py answer_household": "who notes a household's children for the person does not read them; written, never answered with",
    "outcomes/queries.py household_of": "the answer that is replaced, locked; whoever replaces it does not see it",
    "participants/actions/anonymity.py _forget_links": "links to records that the holder does not see are forgotten too",
    "participants/actions/links.py _join": "a group of records is joined whole; answers about the two that the caller sees",
    "participants/actions/links.py _leave": "what made a record one of its group is forgotten whole; answers nothing",
    "participants/queries/attestations.py valid_attestations": "whoever acts, what is attested decides; answers codes to the rules",
    "participants/queries/duplicates.py is_denied_between": "a decision stands whoever took it; answers yes or no",
    "participants/queries/duplicates.py locked_records": "a group of records is joined whole; locked in one order, never answered with",
    "participants/queries/guardians.py has_guardian_consent": "whoever acts, a guardian's consent decides; answers yes or no",
    "participants/queries/guardians.py is_guardian_of": "compares digests of people of two partners; answers yes or no",
    "participants/queries/guardians.py is_mentor_too": "compares digests of people of two partners; answers yes or no",
    "participants/queries/people.py mentor_load": "a mentor's places are counted over all programs; answers numbers",
    "placements/queries.py held_places": "a workplace's places are counted over all partners; answers numbers",
    "placements/queries.py hold_ready": "who is placed, and by whom supervised, may be held elsewhere; answers whether they are ready",
    "placements/queries.py is_kept_from": "whether somebody is kept from the caller; answers yes or no to a refusal",
    "preparation/queries.py pairings_of": "matches bind whether the caller sees them or not; used to ask for what is missing",
    "preparation/queries.py preparation": "who starts a match asks whether the two are prepared; answers minutes, yes or no",
    "audit/queries/exposures.py exposure": "whose data a user was shown: ids of the holder's people, numbers of others'; says itself who is concealed",
    "audit/queries/reviews.py read_review": "what a partner's own staff have seen; ids of the holder's people; says itself who is concealed",
    "privacy/queries/accesses.py access_at": "a line of the holder's log, for its proof; says itself who is concealed",
    "privacy/queries/accesses.py accesses_by": "what a user of the caller's partner has seen; ids of own people; says itself who is concealed",
    "privacy/queries/accesses.py accesses_at": "a privacy officer sees who looked at the holder's people, not the people",
    "protection/actions/traces.py _change": "a person who is protected disappears from what is queued, wherever it is",
    "protection/queries.py clearable": "a clearance may be for a user of another partner; asked by id, the name is not told",
    "protection/queries.py ids_about": "every id that may name a protected person, to empty stored answers; never answered with",
    "protection/queries.py lock_runs_around": "runs that a protected person may be in; answers ids of runs to what purges them",
    "protection/queries.py runs_in": "runs that a protected person may be in; answers ids of runs to what purges them",
    "protection/queries.py runs_that_saw": "runs that a protected person was in; answers ids of runs to what marks them",
    "protection/queries.py unanswered_referrals": "referrals of a protected person are withdrawn; answers ids to what withdraws them",
    "referrals/queries/coverage.py locked": "a scheduled job or the one who answers; locked by id",
    "referrals/queries/coverage.py overtaken": "what time or the person has overtaken, for a scheduled job",
    "referrals/queries/coverage.py uncovered": "whether the sender's person still consents; answers ids that were asked about",
    "referrals/queries/parties.py keep_consent": "the sender's consent is kept from withdrawal meanwhile; answers nothing",
    "referrals/queries/parties.py known_to": "whether the receiver has a record of this person already; its own",
    "referrals/queries/parties.py referred_person": "the sender's record is kept as it is while the receiver answers",
    "referrals/queries/reading.py _outcome": "what became of a referral; answers a status to the sender",
    "reports/queries/counts.py tallies": "statistics over all partners' people; numbers are protected before they are told",
    "reports/queries/exclusions.py _page": "asked for by those who may read every record of the program; answers their ids and rules",
    "reports/queries/employed.py employed": "what one's own employees gave; answers three sums, no program and no person",
    "reports/queries/partners.py _rows": "what each partner gave, over everybody's people; numbers are protected before they are told",
    "reports/queries/scorecard.py _rows": "what the records of everybody show; shares are protected before they are told",
    "reports/queries/sus.py _rows": "rows without names for those who record outcomes or report; the anonymous by gender and year only",
    "reports/queries/targets.py _rows": "results over everybody's people; numbers are protected before they are told",
    "webhooks/queries/dispatch.py claim": "whose turn it is to be told, for a job; answers an id to it",
    "webhooks/queries/dispatch.py held": "the webhook that the job has taken, by the id that it was given",
    "rights/actions/erasing.py carry_out": "the person of an approved erasure, wherever they are; a job, which answers nobody",
    "rights/actions/erasing.py erase": "every table that leads to the person; answers counts to the protocol",
    "rights/actions/erasing.py purge_exports": "exports whose days are over, whoever's they are; answers a number",
    "rights/actions/erasing.py replay_ledger": "whom a restore brought back, at every partner; answers numbers to who runs the system",
    "rights/actions/exports.py make_export": "everything about one person, for a request that was granted; a job, which answers nobody",
    "rights/queries/exporting.py export_of": "everything that the holder has about one person, for a job; fetched by the person and the holder",
    "rights/queries/exporting.py recipients_of": "which organisations have received something; answers organisations, for a job",
    "rights/queries/ledger.py ledger": "every erasure, for who runs the system; digests and codes",
    "rights/queries/ledger.py people_in": "whom a restore brought back; used to erase them, never answered with",
    "rights/actions/requests.py _put_away": "who decides may not know the person; referrals and matchings are stopped, answers the login to conceal",
    "rights/queries/requests.py has_approved_erasure": "whether the person is about to be erased; answers yes or no",
    "rights/queries/requests.py has_open_case": "whether the person takes part in anything, in programs that others run; answers yes or no",
    "protection/actions/traces.py remove_exports": "what was put together of a protected person is removed; answers nothing",
    "training/queries/certificates.py _issuer": "which organisation gave the training; answers its name",
    "training/queries/progress.py _periods": "when the people's matches began and ended; answers days",
    "training/queries/completions.py completions_of": "what the person has completed in other programs counts; answers titles and minutes",
    "training/queries/completions.py trained_among": "the same of a whole cohort, for the engine; answers ids that were asked about",
    "training/queries/sessions.py places_taken": "a session's places are counted over all partners; answers a number",
}
"""File and function below app/features: the reason."""


def uses(source: str) -> Iterator[str]:
    """The functions that widen the reach, as a block or altogether."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_widens, ast.walk(node))):
            yield node.name


def _widens(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in NAMES


def found() -> Iterator[str]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        if where != DEFINED_IN:
            source = path.read_text(encoding="utf-8")
            assert SETTING not in source, f"{where} sets what only {DEFINED_IN} may"
            yield from (f"{where.removeprefix('app/features/')} {name}" for name in uses(source))


def test_every_place_beyond_reach_has_its_reason() -> None:
    assert sorted(found()) == sorted(REASONS)


def test_a_use_is_found_in_every_form() -> None:
    assert list(uses("@looks_beyond_reach\ndef one(session): ...")) == ["one"]
    assert list(uses("@rows.looks_beyond_reach\ndef one(session): ...")) == ["one"]
    assert list(uses("def one(session):\n  if True:\n    with beyond_reach(session): pass")) == ["one"]
    assert list(uses("def one(session):\n  return session")) == []
