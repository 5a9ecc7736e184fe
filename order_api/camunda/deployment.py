"""Deploys the models to the engine: all files together, one release at a time. Only `force` replaces a designer's
version."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from pycamunda.deployment import Create, DeploymentWithDefinitions

from order_api.camunda.engine import get, session, url
from order_api.camunda.model_files import flow_files, read
from order_api.camunda.names import DEPLOYMENT
from order_api.core.settings import settings

DEPLOY_TIMEOUT = 120.0
"""Seconds; the engine reads and checks every file before it answers."""


@dataclass(frozen=True)
class ForeignVersion:
    """A process or decision whose latest version someone else deployed."""

    key: str
    version: int
    deployment_id: str
    deployment_name: str
    deployed_at: str

    def __str__(self) -> str:
        return f"{self.key} version {self.version}, deployment '{self.deployment_name}' of {self.deployed_at}"


class DesignerVersionIsNewer(Exception):
    """A designer has deployed from Modeler since our last deployment; ours would replace that work."""

    def __init__(self, foreign: list[ForeignVersion]) -> None:
        ids = sorted({version.deployment_id for version in foreign})
        super().__init__(
            "Not deployed, because the engine runs versions that a designer deployed: "
            + "; ".join(str(version) for version in foreign)
            + f". Fetch those files ('order-service fetch-models {' '.join(ids)}'), put the wanted changes into the"
            " model folder and deploy again with --force."
        )
        self.foreign = foreign


@dataclass(frozen=True)
class Deployed:
    deployment_id: str
    new_versions: dict[str, int]
    """Key and version of each new definition; empty when the engine already had these files."""


def deploy(folder: Path, lock: AbstractContextManager[object], *, force: bool = False) -> Deployed:
    """Repeating is safe. The lock keeps two releases from deploying at once, which would create each version twice."""
    with lock:
        foreign = foreign_versions(folder)
        if foreign and not force:
            raise DesignerVersionIsNewer(foreign)
        # The engine compares files only with the last deployment of the same name. With filtering on, it would skip
        # our unchanged files and leave the designer's version the latest in spite of `force`.
        return _create(folder, only_if_changed=not foreign)


def foreign_versions(folder: Path) -> list[ForeignVersion]:
    return [foreign for kind, key in _keys(folder) for foreign in _foreign(kind, key)]


def _keys(folder: Path) -> Iterator[tuple[str, str]]:
    files = read(folder)
    yield from (("process-definition", key) for key in sorted(files.keys_of_processes()))
    yield from (("decision-definition", key) for key in sorted(files.keys_of_decisions()))


def _foreign(kind: str, key: str) -> Iterator[ForeignVersion]:
    for latest in get(f"/{kind}", key=key, latestVersion="true", withoutTenantId="true"):
        deployment = get(f"/deployment/{latest['deploymentId']}")
        if (deployment["name"], deployment["source"]) != (DEPLOYMENT, DEPLOYMENT):
            name, time = deployment["name"] or "(no name)", deployment["deploymentTime"]
            yield ForeignVersion(key, latest["version"], deployment["id"], name, time)


def _create(folder: Path, only_if_changed: bool) -> Deployed:
    # pycamunda's own call has no time-out and ignores our session, so it only builds the request and we send it.
    request = Create(
        settings().engine_url,
        DEPLOYMENT,
        DEPLOYMENT,
        enable_duplicate_filtering=only_if_changed,
        deploy_changed_only=False,
    )
    for file in flow_files(folder):
        request.add_resource((file.name, file.read_bytes()))
    answer = session().post(request.url, data=request.body_parameters(), files=request.files, timeout=DEPLOY_TIMEOUT)
    deployed = DeploymentWithDefinitions.load(answer.json())
    definitions = [
        *(deployed.deployed_process_definitions or {}).values(),
        *(deployed.deployed_decision_definitions or {}).values(),
    ]
    return Deployed(deployed.id_, {definition.key: definition.version for definition in definitions})


def fetch(deployment_id: str, folder: Path) -> list[Path]:
    """Writes the files of a deployment into the folder, to adopt a designer's work."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for resource in get(f"/deployment/{deployment_id}/resources"):
        # Only the last part: a resource name must not escape the folder.
        file = folder / Path(resource["name"]).name
        file.write_bytes(session().get(url(f"/deployment/{deployment_id}/resources/{resource['id']}/data")).content)
        written.append(file)
    return written
