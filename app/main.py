"""How is the application put together? Knows every slice; nobody imports it but the commands."""

import re
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from sqlmodel import SQLModel

from app import description, outside
from app.features.access import tables as _access
from app.features.access.policy import assert_every_route_has_a_policy
from app.features.access.router import router as access
from app.features.accounts import tables as _accounts
from app.features.accounts.router import router as accounts
from app.features.agreements import tables as _agreements
from app.features.agreements.router import router as agreements
from app.features.audit import tables as _audit
from app.features.audit.router import router as audit
from app.features.calendars import tables as _calendars
from app.features.calendars.router import router as calendars
from app.features.catalogue.router import hsds
from app.features.catalogue.router import router as catalogue
from app.features.changes import tables as _changes
from app.features.changes.queries.feed import newest_change
from app.features.changes.router import router as changes
from app.features.consents import tables as _consents
from app.features.consents.router import router as consents
from app.features.cooperation import tables as _cooperation
from app.features.cooperation.router import router as cooperation
from app.features.enrolments import tables as _enrolments
from app.features.enrolments.router import router as enrolments
from app.features.follow_ups import tables as _follow_ups
from app.features.follow_ups.router import router as follow_ups
from app.features.gaps.router import router as gaps
from app.features.health.router import router as health
from app.features.imports import tables as _imports
from app.features.imports.router import router as imports
from app.features.incidents import tables as _incidents
from app.features.incidents.router import router as incidents
from app.features.matches import tables as _matches
from app.features.matches.router import router as matches
from app.features.matching import tables as _matching
from app.features.matching.router import router as matching
from app.features.outcomes import tables as _outcomes
from app.features.outcomes.router import router as outcomes
from app.features.participants import tables as _participants
from app.features.participants.router import router as participants
from app.features.partners import tables as _partners
from app.features.partners.router import router as partners
from app.features.placements import tables as _placements
from app.features.placements.router import router as placements
from app.features.plans import tables as _plans
from app.features.plans.router import router as plans
from app.features.preparation import tables as _preparation
from app.features.preparation.router import router as preparation
from app.features.privacy.router import router as privacy
from app.features.programs import tables as _programs
from app.features.programs.router import router as programs
from app.features.protection import tables as _protection
from app.features.protection.router import router as protection
from app.features.readiness.router import router as readiness
from app.features.referrals import tables as _referrals
from app.features.referrals.router import router as referrals
from app.features.reports.router import router as reports
from app.features.rights import tables as _rights
from app.features.rights.router import router as rights
from app.features.training import tables as _training
from app.features.training.router import router as training
from app.features.webhooks import tables as _webhooks
from app.features.webhooks.router import router as webhooks
from app.kit import idempotency as _idempotency
from app.kit import problems
from app.kit.clock import Clock, now
from app.kit.db import Database
from app.kit.digests import Digester
from app.kit.external import SYNC_OUTCOME
from app.kit.head import Head
from app.kit.idempotency import Replayed
from app.kit.intake import Intake
from app.kit.jobs import Outbox
from app.kit.keys import KeySource, ring_of
from app.kit.oidc import Fetch, IdentityProviders
from app.kit.outbound import Outbound
from app.kit.pages import Cursors
from app.kit.patience import Patience
from app.kit.rates import Rates
from app.kit.retirement import Retiring
from app.kit.runtime import Runtime
from app.kit.sealing import Sealer
from app.kit.telemetry import Telemetry
from app.kit.tokens import TokenIssuer, TokenVerifier
from app.settings import Settings

TABLES = (
    _access, _accounts, _agreements, _audit, _calendars, _changes, _consents, _cooperation, _enrolments, _follow_ups, _imports, _incidents, _matches, _matching, _outcomes,
    _participants, _partners, _placements, _plans, _preparation, _programs, _protection, _referrals, _rights, _training, _webhooks, _idempotency,
)  # fmt: skip
METADATA = SQLModel.metadata
BASE_PATH = "/mentorskap/v1"
AUDIENCE = "mentorskap"
LIMITED = (BASE_PATH, hsds.BASE_PATH, "/oauth/", "/calendar-feeds/", "/dcat.ttl")
"""Where it is counted how often somebody asks; health and keys are asked by machines that must not be refused."""
STATISTICS = re.compile(r"/(reports|gaps)(/|$)")
EXPOSED = (
    "ETag", "Location", "Link", "traceparent", "Retry-After", "Idempotency-Replayed", "RateLimit", "RateLimit-Policy",
    "Deprecation", "Sunset", "Preference-Applied", SYNC_OUTCOME,
)  # fmt: skip
FILES = re.compile("imports/[^/]+/file")
"""Addresses, below the base path, that a file is PUT to."""
ROUTERS: tuple[APIRouter, ...] = (
    description.router, access, accounts, partners, programs, agreements, readiness, participants, consents, protection, enrolments, referrals, training, preparation, matching, matches, incidents, placements, calendars, health, follow_ups,
    outcomes, gaps, imports, plans, cooperation, webhooks, catalogue, reports, changes, privacy, rights, audit,
)  # fmt: skip


def create_api(runtime: Runtime | None, settings: Settings) -> FastAPI:
    """The versioned API with its own document; without a runtime it can only describe itself."""
    api = FastAPI(
        title="Mentorskap",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        separate_input_output_schemas=False,
    )
    api.state.runtime = runtime
    for router in ROUTERS:
        api.include_router(router)
    problems.install(api)
    api.add_middleware(Retiring)
    api.add_exception_handler(Replayed, _replay)
    assert_every_route_has_a_policy(api)
    api.openapi = cache(lambda: description.describe(api, settings.public_url + BASE_PATH, settings.public_url))  # type: ignore[method-assign]  # FastAPI's documented way
    return api


def describe(settings: Settings) -> dict[str, Any]:
    """The OpenAPI document, without a database."""
    return create_api(None, settings).openapi()


def create_directory(runtime: Runtime, settings: Settings) -> FastAPI:
    """Open Referral's API over the catalogue: another vocabulary, so an application and a document of its own."""
    directory = FastAPI(
        title="Mentorskap HSDS",
        version=description.VERSION,
        summary="Publicerade mentorskapsprogram enligt Open Referral HSDS 3.0.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        servers=[{"url": settings.public_url + hsds.BASE_PATH}],
    )
    directory.state.runtime = runtime
    directory.include_router(hsds.router)
    problems.install(directory)
    assert_every_route_has_a_policy(directory)
    return directory


def create_app(runtime: Runtime, settings: Settings) -> FastAPI:
    """The whole application: the API under its base path, and beside it health, keys and documentation."""
    root = FastAPI(title="Mentorskap", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    root.state.runtime = runtime
    problems.install(root)
    api = create_api(runtime, settings)
    outside.install(root, api, BASE_PATH, runtime.database, runtime.keyring, runtime.clock)
    root.mount(hsds.BASE_PATH, create_directory(runtime, settings))
    root.mount(BASE_PATH, api)
    root.add_middleware(Patience, look=lambda: newest_change(runtime.database))
    root.add_middleware(Intake, most_bytes=settings.max_body_bytes, json_below=BASE_PATH, files=FILES)
    root.add_middleware(Head)
    root.add_middleware(
        Rates, quotas=settings.quotas(STATISTICS), verifier=runtime.verifier, clock=runtime.clock, below=LIMITED
    )
    root.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=EXPOSED,
    )
    root.add_middleware(Telemetry)
    return root


def create_runtime(
    database: Database,
    keys: KeySource,
    settings: Settings,
    clock: Clock = now,
    fetch: Fetch | None = None,
) -> Runtime:
    """The machinery of this process from its database, its keys and its settings.

    `fetch` gets the keys of identity providers; without it they come over the way out that reaches no private network.
    """
    issuer = settings.public_url + BASE_PATH
    keyring = ring_of(keys)
    digests = Digester(keyring.pepper)
    outbound = Outbound(allow_loopback=settings.webhook_allow_loopback)
    database = database.carrying(digests=digests, outbound=outbound)
    return Runtime(
        database=database,
        clock=clock,
        keyring=lambda: ring_of(keys),
        public_url=settings.public_url,
        issuer=TokenIssuer(keys, issuer, AUDIENCE, settings.access_token_seconds),
        verifier=TokenVerifier(keys, issuer, AUDIENCE),
        cursors=Cursors(keyring.cursor_secret),
        digests=digests,
        outbox=Outbox(database),
        mailer=settings.mailer,
        mail_from=settings.mail_from,
        sheet_limits=settings.sheet_limits,
        max_file_bytes=settings.max_import_bytes,
        outbound=outbound,
        logins=settings.login_rules,
        sealer=Sealer(keyring.derive(b"sealed secrets")),
        identities=IdentityProviders(settings.identity_providers, fetch or outbound.get),
        anchor_file=settings.anchor_file,
    )


def _replay(_request: Request, raised: Exception) -> Response:
    assert isinstance(raised, Replayed)  # noqa: S101  the handler is registered for this class
    return Response(raised.body, status_code=raised.status, media_type="application/json", headers=raised.headers)
