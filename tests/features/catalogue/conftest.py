"""A small world of programmes that people search for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.glossary import Category, Listing, ProgramKind, Sector
from app.kit.clock import today
from tests.world import Client, World


@dataclass
class Shelf:
    """The programmes by their short names."""

    world: World
    anybody: Client
    owner: UUID
    programs: Mapping[str, UUID]

    def found(self, query: str = "") -> list[str]:
        """The short names of what a search finds, in its order."""
        answered = self.anybody.get(f"/catalogue/programs?limit=100&{query}")
        assert answered.status_code == 200, answered.text
        names = {str(program_id): name for name, program_id in self.programs.items()}
        return [names[one["id"]] for one in answered.json()["items"]]


@pytest.fixture(scope="module")
def shelf(world: World) -> Shelf:
    owner = world.partner("Föreningen Påhittade Brobyggarna", Sector.CIVIL_SOCIETY)
    other = world.partner("Påhittade kommunen", Sector.MUNICIPALITY)
    day = today(world.clock())
    programs = {
        "women": world.program(
            owner,
            name="Mentor för kvinnor",
            summary="Kvinnor möter kvinnor mitt i yrkeslivet.",
            description="<script>alert(1)</script> Träffar varannan vecka.",
            category=Category.WOMEN_WITH_IMMIGRANT_BACKGROUND,
            listing=Listing.LISTED,
            organizer="Föreningen Påhittade Brobyggarna",
            source="kartläggning 2014",
            target_group="Kvinnor med invandrarbakgrund",
            languages=["sv", "ti"],
            districts=["Fisksätra", "Orminge"],
            municipality_code="0182",
            places=18,
            contact_email="mentor@forening.example",
            contact_phone="08-718 80 00",
            contact_url="https://forening.example/mentor",
            assured_on=day - timedelta(days=30),
            assured_by_partner_id=owner,
            shown_factors=[{"factor": 3, "evidence": "Intervju med båda", "url": None}],
            is_example=True,
        ),
        "interns": world.program(
            other,
            name="Tekniksprånget",
            summary="Fyra månaders praktik för unga tekniker.",
            kind=ProgramKind.INTERNSHIP,
            category=Category.YOUTH,
            listing=Listing.LISTED,
            languages=["sv"],
            municipality_code="0182",
            eligibility={"minAge": 18, "maxAge": 21},
            assured_on=day - timedelta(days=800),
        ),
        "peers": world.program(
            other,
            name="Mentorskapsprogram för yrkesverksamma",
            summary="Kollegor i samma yrke.",
            description="Också för kvinnor som driver företag.",
            languages=["sv", "en"],
            districts=["Orminge"],
            municipality_code="0180",
            shown_factors=[{"factor": one, "evidence": "Enkät", "url": None} for one in (1, 3)],
        ),
        "draft": world.program(owner, name="Opublicerat för kvinnor", is_published=False),
    }
    return Shelf(world, world.anonymous, owner, programs)
