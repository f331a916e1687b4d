"""How does Open Referral's specification read the catalogue? A programme is a service, its owner an organization."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, false
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, or_, select

from app.domain.catalogue import label, labels
from app.features.catalogue.queries.searching import SEARCH, words
from app.features.catalogue.schemas.hsds import (
    Attribute,
    Language,
    Organization,
    OrganizationIdentifier,
    PageOf,
    Phone,
    Service,
    ServiceArea,
    ServiceQuery,
    Taxonomy,
    TaxonomyTerm,
    TermQuery,
)
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.kit.clock import STOCKHOLM

NAMESPACE = UUID("6f1d3d2e-5f0b-5c57-9d0e-0c7a3a4f5b21")
"""Ids of what is no row of ours are made from this and their names: the same in every answer and every installation."""
GROUPS = ("category", "kind", "factor")
VERSION = "1"
LISTS = {"phones": None, "languages": None, "service_areas": None, "attributes": None}


def taxonomies() -> list[Taxonomy]:
    """The three classifications of programmes."""
    return [_taxonomy(group) for group in GROUPS]


def taxonomy_terms(query: TermQuery) -> list[TaxonomyTerm]:
    """The terms of every taxonomy, or of one."""
    every = [_term(group, code) for group in GROUPS for code in labels(group)]
    return [one for one in every if query.taxonomy_id in (None, one.taxonomy_id)]


def services(session: Session, query: ServiceQuery) -> tuple[list[Service], int]:
    """One page of the services by id, and how many there are; whole ones only when `full` is asked for."""
    wanted = _wanted(query)
    total = session.exec(select(func.count()).select_from(Program).where(*wanted)).one()
    found = _services(session, _page(wanted, query))
    return (found if query.full else [one.model_copy(update=LISTS) for one in found]), total


def service(session: Session, program_id: UUID) -> Service | None:
    """One service with everything that belongs to it."""
    of_this = [col(Program.is_published), col(Program.id) == program_id]
    return next(iter(_services(session, _rows().where(*of_this))), None)


def organizations(session: Session, query: PageOf) -> tuple[list[Organization], int]:
    """One page of the partners that own a published programme, by id, and how many there are."""
    total = session.exec(select(func.count()).select_from(Partner).where(_owns())).one()
    page = select(Partner).where(_owns()).order_by(col(Partner.id)).limit(query.per_page)
    return [_organization(one) for one in session.exec(page.offset((query.page - 1) * query.per_page))], total


def organization(session: Session, partner_id: UUID) -> Organization | None:
    """One partner that owns a published programme."""
    found = session.exec(select(Partner).where(col(Partner.id) == partner_id, _owns())).first()
    return _organization(found) if found is not None else None


def _owns() -> ColumnElement[bool]:
    return col(Partner.id).in_(select(Program.owner_partner_id).where(col(Program.is_published)))


def _rows() -> Any:
    return select_columns(Program, Partner).join(Partner, col(Partner.id) == col(Program.owner_partner_id))


def _page(wanted: Iterable[ColumnElement[bool]], query: ServiceQuery) -> Any:
    ordered = _rows().where(*wanted).order_by(col(Program.id))
    return ordered.limit(query.per_page).offset((query.page - 1) * query.per_page)


def _services(session: Session, statement: Any) -> list[Service]:
    rows: Sequence[Any] = session.execute(statement).all()
    return [_service(program, owner) for program, owner in rows]


def _wanted(query: ServiceQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [col(Program.is_published).is_(True)]
    if query.search and query.search.strip():
        wanted.append(SEARCH.op("@@")(words(query.search)))
    if query.organization_id is not None:
        wanted.append(col(Program.owner_partner_id) == query.organization_id)
    if query.modified_after is not None:
        wanted.append(col(Program.updated_at) > _instant(query.modified_after))
    if query.taxonomy_id is not None or query.taxonomy_term_id is not None:
        terms = taxonomy_terms(TermQuery(taxonomy_id=query.taxonomy_id))
        meant = [one for one in terms if query.taxonomy_term_id in (None, one.id)]
        wanted.append(or_(false(), *(_has(one) for one in meant)))
    return wanted


def _instant(after: datetime | date) -> datetime:
    return after if isinstance(after, datetime) else datetime.combine(after, time.max, STOCKHOLM)


def _has(term: TaxonomyTerm) -> ColumnElement[bool]:
    """Does a programme bear the term? Every programme has a category and a kind; factors it may show."""
    group = next(one for one in GROUPS if _id("taxonomy", one) == term.taxonomy_id)
    if group == "factor":
        return col(Program.shown_factors).contains([{"factor": int(term.code)}])
    found: ColumnElement[bool] = getattr(Program, group) == term.code
    return found


def _service(program: Program, owner: Partner) -> Service:
    rules, contact = program.eligibility, program.contact_email or owner.contact_email
    return Service(
        id=program.id,
        organization_id=owner.id,
        name=program.name,
        description="\n\n".join(one for one in (program.summary, program.description) if one),
        url=program.contact_url,
        email=contact,
        application_process=f"Programmet drivs av {program.organizer}." if program.organizer else None,
        eligibility_description=program.target_group,
        minimum_age=rules.get("minAge"),
        maximum_age=rules.get("maxAge"),
        assured_date=program.assured_on,
        assurer_email=contact if program.assured_on else None,
        organization=_organization(owner),
        phones=_phones(program),
        languages=[_language(program.id, one) for one in program.languages] or None,
        service_areas=[_area(program.id, one) for one in program.districts] or None,
        attributes=[*_attributes(program)],
    )


def _organization(partner: Partner) -> Organization:
    number = partner.organization_number
    of_this = {"id": _id("number", partner.id), "organization_id": partner.id}
    return Organization(
        id=partner.id,
        name=partner.name,
        description=partner.name,
        email=partner.contact_email,
        website=partner.website,
        organization_identifiers=[OrganizationIdentifier(**of_this, identifier=number)] if number else None,
    )


def _phones(program: Program) -> list[Phone] | None:
    number = program.contact_phone
    return [Phone(id=_id("phone", program.id), service_id=program.id, number=number)] if number else None


def _language(service_id: UUID, code: str) -> Language:
    named = label("language", code)
    name = named["sv"] if named else code
    return Language(id=_id("language", service_id, code), service_id=service_id, name=name, code=code)


def _area(service_id: UUID, name: str) -> ServiceArea:
    return ServiceArea(id=_id("area", service_id, name), service_id=service_id, name=name)


def _attributes(program: Program) -> Iterable[Attribute]:
    shown = {str(one["factor"]): one["evidence"] for one in program.shown_factors}
    borne = [("category", program.category.value, None), ("kind", program.kind.value, None)]
    for group, code, value in [*borne, *(("factor", one, shown[one]) for one in sorted(shown))]:
        term = _term(group, code)
        yield Attribute(
            id=_id("attribute", program.id, group, code),
            link_id=program.id,
            taxonomy_term_id=term.id,
            taxonomy_term=term,
            value=value,
        )


def _term(group: str, code: str) -> TaxonomyTerm:
    taxonomy, name = _taxonomy(group), labels(group)[code]
    return TaxonomyTerm(
        id=_id("term", group, code),
        code=code,
        name=name["sv"],
        description=name["en"],
        language="sv",
        taxonomy_id=taxonomy.id,
        taxonomy_detail=taxonomy,
    )


def _taxonomy(group: str) -> Taxonomy:
    name = labels("taxonomy")[group]
    return Taxonomy(id=_id("taxonomy", group), name=name["sv"], description=name["en"], version=VERSION)


def _id(*parts: object) -> UUID:
    return uuid5(NAMESPACE, "/".join(map(str, parts)))
