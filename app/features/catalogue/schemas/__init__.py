"""How is the catalogue spoken of over the wire, in our words and in those of Open Referral?"""

from app.features.catalogue.schemas.entries import (
    CatalogueProgram,
    CatalogueQuery,
    Facet,
    FacetName,
    FacetQuery,
    Facets,
    FacetValue,
    Intake,
    Provider,
)
from app.features.catalogue.schemas.hsds import (
    Feed,
    HsdsPage,
    Organization,
    PageOf,
    Service,
    ServiceQuery,
    Taxonomy,
    TaxonomyTerm,
    TermQuery,
)

__all__ = [
    "CatalogueProgram",
    "CatalogueQuery",
    "Facet",
    "FacetName",
    "FacetQuery",
    "FacetValue",
    "Facets",
    "Feed",
    "HsdsPage",
    "Intake",
    "Organization",
    "PageOf",
    "Provider",
    "Service",
    "ServiceQuery",
    "Taxonomy",
    "TaxonomyTerm",
    "TermQuery",
]
