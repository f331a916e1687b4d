"""How do data portals read what this installation publishes? DCAT-AP-SE 3, as Turtle and for DIGG's converter.

Source: docs.dataportal.se/dcat; `info.x-dcat` as DIGG's DCAT-AP-SE-Processor takes it. The catalogue is CC0.
"""

from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import quote

MEDIA_TYPE = "text/turtle"
EMAIL = "kontakt@mentorskap.example"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
WORDS = {
    "catalogSv": "Mentorskaps öppna data",
    "catalogEn": "Open data of Mentorskap",
    "catalogTextSv": "Öppna data om mentorskapsprogram för personer som står utanför arbetsmarknaden.",
    "datasetSv": "Katalog över mentorskapsprogram",
    "datasetEn": "Catalogue of mentorship programmes",
    "datasetTextSv": "Publicerade mentorskapsprogram: befintliga, anslutna och egna. Inga uppgifter om personer.",
    "apiSv": "Mentorskap API",
    "publisher": "Mentorskap",
    "email": EMAIL,
    "cc0": CC0,
    "languages": "http://publications.europa.eu/resource/authority/language",
}


def turtle(public_url: str, base: str, hsds: str) -> bytes:
    """The catalogue of data as Turtle; `base` and `hsds` are the paths of the two APIs."""
    template = files("app.domain.data").joinpath("dcat.ttl").read_text(encoding="utf-8")
    return Template(template).substitute(WORDS, url=quote(public_url, safe=":/[]"), base=base, hsds=hsds).encode()


def annotation(public_url: str, server_url: str) -> dict[str, Any]:
    """`info.x-dcat` of the OpenAPI document."""

    def part(fragment: str, **told: Any) -> dict[str, Any]:
        return {"about": f"{public_url}/dcat.ttl#{fragment}", **told}

    publisher = part("publisher", name=WORDS["publisher"], type="LocalAuthority")
    contact = part("contact", name=WORDS["publisher"], type="Organization", email=EMAIL)
    answers_for = {"publisher": publisher, "contactPoint": contact}
    catalogue = {**_titled("catalog"), "publisher": publisher, "license": CC0, "homepage": f"{public_url}/docs"}
    access = {"accessURL": f"{server_url}/catalogue/programs", "license": CC0}
    distribution = part("json", **{"title-sv": WORDS["datasetSv"], **access})
    described = {"keyword-sv": "mentorskap; arbetsmarknad", "theme": "SOCI", "accessRights": "Public"}
    dataset = {**_titled("dataset"), **answers_for, **described, "distribution": distribution}
    endpoint = {"endpointURL": server_url, "endpointDescription": f"{server_url}/openapi.json"}
    service = {"title-sv": WORDS["apiSv"], **answers_for, **endpoint, "accessRights": "Restricted"}
    return {
        "dcat-catalog": part("catalog", **catalogue),
        "dcat-dataset": part("dataset", **dataset),
        "dcat-dataservice": part("api", **service),
    }


def _titled(name: str) -> dict[str, str]:
    said = {"title-sv": "Sv", "title-en": "En", "description-sv": "TextSv"}
    return {key: WORDS[name + suffix] for key, suffix in said.items()}
