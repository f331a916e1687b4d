"""Which mutual agreement do the two of a pair sign, who has signed it, and what does it say on paper?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import Session, col, func, select

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.match_agreements import MatchAgreement, Party, template, unsigned
from app.domain.visibility import fields_shown
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.matches.queries.people import subjects
from app.features.matches.schemas import (
    MatchAgreementRead,
    MatchAgreementTextQuery,
    MatchAgreementTextRead,
    MatchPartyRead,
)
from app.features.matches.tables import Match, MatchAgreementText
from app.features.programs.tables import Program
from app.kit.clock import today
from app.kit.pdf import UnprintableError, typeset
from app.kit.problems import Problem

OTHERWISE = "sv"


def agreement_texts(scope: Scope[Program], query: MatchAgreementTextQuery) -> Select[Any]:
    """Every version and translation of a program's text."""
    wanted: Select[Any] = select(MatchAgreementText).where(
        col(MatchAgreementText.program_id) == scope.row.id, visible(MatchAgreementText, scope.actor)
    )
    return wanted if query.language is None else wanted.where(col(MatchAgreementText.language) == query.language)


def newest_agreement(session: Session, program_id: UUID) -> int:
    """The number of the program's newest version; 0 when its pairs sign nothing."""
    newest = select(func.coalesce(func.max(MatchAgreementText.number), 0))
    return session.exec(newest.where(MatchAgreementText.program_id == program_id)).one()


def agreement_text(session: Session, program_id: UUID, text_id: UUID) -> MatchAgreementText | None:
    wanted = select(MatchAgreementText).where(
        MatchAgreementText.id == text_id, MatchAgreementText.program_id == program_id
    )
    return session.exec(wanted).first()


def signed_numbers(session: Session, match: Match) -> dict[Side, int | None]:
    """The number of the version that each side has signed, if any."""
    signed = {Side.MENTOR: match.mentor_signed_text_id, Side.MENTEE: match.mentee_signed_text_id}
    return {side: session.get_one(MatchAgreementText, one).number if one else None for side, one in signed.items()}


def sides_to_sign(session: Session, match: Match) -> list[Side]:
    """The sides that have to sign before the match may start; none when the program has no such text."""
    if not newest_agreement(session, match.program_id):
        return []
    return unsigned(signed_numbers(session, match))


def agreement_of_pair(scope: Scope[Match], language: str) -> MatchAgreementRead:
    """The version that both have signed, else the one to sign, in that language if it is there.

    A name is told as far as `domain/visibility.py` lets the caller see it. Raises: Problem 404 without any text.
    """
    match, session = scope.row, scope.session
    signed = signed_numbers(session, match)
    others = [number for number in signed.values() if number is not None]
    is_signed = not unsigned(signed)
    number = max(others) if is_signed else newest_agreement(session, match.program_id)
    if not number:
        raise Problem("resource.not_found")
    names = _names(scope)
    return MatchAgreementRead(
        match_id=match.id,
        is_signed=is_signed,
        text=MatchAgreementTextRead.model_validate(_text_in(session, match.program_id, number, language)),
        parties=[
            MatchPartyRead(
                side=side,
                name=names[side],
                signed_at=getattr(match, f"{side.value}_signed_at"),
                signer=getattr(match, f"{side.value}_signer"),
                signed_number=signed[side],
            )
            for side in Side
        ],
    )


def agreement_pdf(scope: Scope[Match], language: str) -> bytes:
    """The agreement as PDF/UA-1, its own words in `sv` or `en`. Raises: `match.agreement_not_printable`, 404."""
    found = agreement_of_pair(scope, language)
    said = MatchAgreement(
        id=found.match_id,
        program=scope.session.get_one(Program, scope.row.program_id).name,
        language=found.text.language,
        number=found.text.number,
        title=found.text.title,
        preamble=found.text.preamble,
        points=found.text.points,
        parties=[_party(one, found.text.number) for one in found.parties],
    ).said_in(language)
    try:
        return typeset(template(), said, scope.row.updated_at)
    except UnprintableError:
        raise RuleViolation("match.agreement_not_printable") from None


def _party(one: MatchPartyRead, number: int) -> Party:
    """On paper a signature under another version is none."""
    has_signed = one.signed_at is not None and one.signed_number == number
    return Party(
        side=one.side,
        name=one.name,
        signed_on=today(one.signed_at) if one.signed_at is not None and has_signed else None,
        signer=one.signer if has_signed else None,
    )


def _names(scope: Scope[Match]) -> dict[Side, str | None]:
    found: dict[Side, str | None] = {}
    for side, (person, subject) in subjects(scope).items():
        shown = fields_shown(scope.actor, subject)
        parts = [getattr(person, name) for name in ("given_name", "family_name") if name in shown]
        found[side] = " ".join(part for part in parts if part) or None
    return found


def _text_in(session: Session, program_id: UUID, number: int, language: str) -> MatchAgreementText:
    """The version in the language asked for, else in Swedish, else in any."""
    wanted = select(MatchAgreementText).where(
        MatchAgreementText.program_id == program_id, MatchAgreementText.number == number
    )
    ranks = {language: 0, **({OTHERWISE: 1} if language != OTHERWISE else {})}
    found = session.exec(wanted.order_by(col(MatchAgreementText.id))).all()
    return min(found, key=lambda text: ranks.get(text.language, len(ranks)))
