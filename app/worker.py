"""How does work that outlives a request get done? The second entry point: durable jobs, inside `serve` or apart."""

from app.features.audit import jobs as audit
from app.features.cooperation import jobs as cooperation
from app.features.follow_ups import jobs as follow_ups
from app.features.imports import jobs as imports
from app.features.matches import jobs as matches
from app.features.matching import jobs as matching
from app.features.programs import jobs as programs
from app.features.referrals import jobs as referrals
from app.features.rights import jobs as rights
from app.features.webhooks import jobs as webhooks
from app.kit.jobs import Worker
from app.kit.runtime import Runtime
from app.settings import Settings

# Importing a slice's jobs registers them under their durable names.
JOB_MODULES: tuple[object, ...] = (
    matches,
    matching,
    programs,
    referrals,
    follow_ups,
    cooperation,
    imports,
    webhooks,
    rights,
    audit,
)


def create_worker(runtime: Runtime, settings: Settings, url: str) -> Worker:
    """A worker for every registered job; unfinished work resumes under the same `worker_id`."""
    return Worker(url, runtime, settings.stable_worker_id)
