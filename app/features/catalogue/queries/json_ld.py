"""How does a search engine read a programme? As a schema.org Service in JSON-LD."""

import json
from collections.abc import Mapping
from typing import Any

from app.domain.catalogue import label
from app.features.catalogue.schemas.entries import CatalogueProgram

CONTEXT = "https://schema.org"


def described(program: CatalogueProgram, address: str) -> bytes:
    """The programme as a JSON-LD document; `address` is its own. Source: schema.org/Service."""
    provider = {"@type": "Organization", "name": program.provider.name, "url": program.provider.website}
    told = {
        "@context": CONTEXT,
        "@type": "Service",
        "@id": address,
        "identifier": str(program.id),
        "name": program.name,
        "description": program.summary,
        "serviceType": _named("kind", program.kind),
        "category": _named("category", program.category),
        "provider": provider,
        "audience": {"@type": "Audience", "audienceType": program.target_group} if program.target_group else None,
        "areaServed": [{"@type": "Place", "name": one} for one in program.districts],
        "availableChannel": _channel(program),
        "offers": _intakes(program, address),
    }
    return json.dumps(_said(told), ensure_ascii=False, separators=(",", ":")).encode()


def _named(group: str, value: str) -> str:
    found = label(group, value)
    return found["sv"] if found else value


def _channel(program: CatalogueProgram) -> dict[str, Any]:
    phone = {"@type": "ContactPoint", "telephone": program.contact_phone, "email": program.contact_email}
    return {
        "@type": "ServiceChannel",
        "serviceUrl": program.contact_url,
        "servicePhone": phone if program.contact_phone or program.contact_email else None,
        "availableLanguage": program.languages,
    }


def _intakes(program: CatalogueProgram, address: str) -> list[dict[str, Any]]:
    return [
        {
            "@type": "Offer",
            "name": one.name,
            "url": address,
            "availabilityStarts": one.from_on.isoformat(),
            "availabilityEnds": one.until_on.isoformat(),
        }
        for one in program.intakes
    ]


def _said(value: Any) -> Any:
    """Without what is empty: a search engine reads an empty property as a mistake."""
    if not isinstance(value, Mapping):
        return value
    told = {name: _said(one) for name, one in value.items()}
    return {name: one for name, one in told.items() if one not in (None, [], {})}
