"""How do the digests of contacts follow the contacts themselves?"""

from sqlmodel import Session

from app.domain.people import one_email, one_phone
from app.features.participants.queries import digests_of
from app.features.participants.tables import ContactDigest, DigestKind, Guardian, Participant
from app.kit.digests import digester


def keep_digests(session: Session, person: Participant, guardian: Guardian | None = None) -> None:
    """Make the digests those of the address and number as they are now: of the person, or of a guardian of theirs."""
    session.flush()  # a digest points at rows that must be there
    of = guardian or person
    whose = {
        "participant_id": person.id,
        "partner_id": person.partner_id,
        "guardian_id": guardian.id if guardian else None,
    }
    wanted = digests_for(session, of.email, of.phone)
    for held in digests_of(session, person.id, whose["guardian_id"]):
        if wanted.get(held.kind) == held.digest:
            del wanted[held.kind]
        else:
            session.delete(held)
    for kind, digest in wanted.items():
        session.add(ContactDigest.model_validate({**whose, "kind": kind, "digest": digest}))


def digests_for(session: Session, email: str | None, phone: str | None) -> dict[DigestKind, str]:
    """The digests that belong to an address and a number."""
    found = {}
    if email is not None:
        found[DigestKind.EMAIL] = digester(session).digest(DigestKind.EMAIL, one_email(email))
    if phone is not None:
        found[DigestKind.PHONE] = digester(session).digest(DigestKind.PHONE, one_phone(phone))
    return found
