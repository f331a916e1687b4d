"""What does the catalogue hold, how is it searched, and how do directories read it?"""

from app.features.catalogue.queries.entries import entry, found
from app.features.catalogue.queries.facets import facets
from app.features.catalogue.queries.json_ld import described
from app.features.catalogue.queries.services import (
    organization,
    organizations,
    service,
    services,
    taxonomies,
    taxonomy_terms,
)

__all__ = [
    "described",
    "entry",
    "facets",
    "found",
    "organization",
    "organizations",
    "service",
    "services",
    "taxonomies",
    "taxonomy_terms",
]
