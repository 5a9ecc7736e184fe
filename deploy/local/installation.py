"""One local installation: its folder, ports and credentials, and which parts run elsewhere."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.credentials import Credentials, load_or_create
from deploy.local.places import RUN_FOLDER
from deploy.local.ports import require_free
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.problems import LocalProblem
from deploy.local.run_folder import CREDENTIALS


@dataclass(frozen=True)
class Ports:
    api: int
    engine: int
    postgres: int
    mail: int


@dataclass(frozen=True)
class Installation:
    folder: Path
    ports: Ports
    credentials: Credentials = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    engine_url: str | None = None

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def command(self) -> Path:
        return self.folder / "order-service"

    @property
    def metrics(self) -> Path:
        return self.folder / "metrics"

    def log(self, program: str) -> Path:
        return self.folder / "log" / f"{program}.log"

    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(
            self.data, self.ports.postgres, self.credentials.postgres_password, log=self.log("postgres")
        )

    def require_free_ports(self) -> None:
        require_free(self.ports.api, "API_PORT", "API")
        require_free(self.ports.mail, "MAIL_PORT", "mail catcher")
        if self.engine_url is None:
            require_free(self.ports.engine, "ENGINE_PORT", "workflow engine")
        if self.database_url is None:
            require_free(self.ports.postgres, "POSTGRES_PORT", "database")


def read_installation(environment: Mapping[str, str] = os.environ, folder: Path = RUN_FOLDER) -> Installation:
    engine_url = environment.get("ENGINE_URL") or None
    if engine_url and not engine_url.startswith(("http://", "https://")):
        raise LocalProblem(
            f"ENGINE_URL is {engine_url!r}, which is not an address: use the form http://host:8080/engine-rest."
        )
    if engine_url and not environment.get("ENGINE_PASSWORD"):
        raise LocalProblem(
            "ENGINE_URL is set but ENGINE_PASSWORD is not: set that engine's password too, or unset ENGINE_URL."
        )
    ports = Ports(
        api=_port(environment, "API_PORT", 8000),
        engine=_port(environment, "ENGINE_PORT", 8080),
        postgres=_port(environment, "POSTGRES_PORT", 5433),
        mail=_port(environment, "MAIL_PORT", 8025),
    )
    _refuse_one_port_for_two(ports)
    return Installation(
        folder=folder,
        ports=ports,
        credentials=load_or_create(folder / CREDENTIALS),
        database_url=environment.get("DATABASE_URL") or None,
        engine_url=engine_url,
    )


def _port(environment: Mapping[str, str], variable: str, usual: int) -> int:
    chosen = environment.get(variable) or str(usual)
    if not chosen.isdecimal() or not 0 < int(chosen) < 65536:
        raise LocalProblem(
            f"{variable} is {chosen!r}, which is not a port: set it to a number from 1 to 65535, or unset it."
        )
    return int(chosen)


def _refuse_one_port_for_two(ports: Ports) -> None:
    named: dict[int, str] = {}
    for name, port in vars(ports).items():
        variable = f"{name.upper()}_PORT"
        if port in named:
            raise LocalProblem(f"{named[port]} and {variable} are both {port}: give each a port of its own.")
        named[port] = variable
