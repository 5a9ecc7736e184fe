import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from deploy.local.problems import LocalProblem


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def new_password() -> str:
    """Short enough to type for a person who tries the demo."""
    return "-".join(secrets.token_hex(2) for _ in range(3))


@dataclass(frozen=True)
class Credentials:
    """The secrets of one local installation. Created once, because its data depends on them."""

    postgres_password: str = field(default_factory=new_secret)
    orders_database_password: str = field(default_factory=new_secret)
    engine_database_password: str = field(default_factory=new_secret)
    engine_admin_password: str = field(default_factory=new_password)
    engine_service_secret: str = field(default_factory=new_secret)
    secret_key: str = field(default_factory=new_secret)
    api_key: str = field(default_factory=lambda: f"osk_{new_secret()}")
    warehouse_key: str = field(default_factory=lambda: f"osk_{new_secret()}")
    csr_password: str = field(default_factory=new_password)
    store_password: str = field(default_factory=new_password)
    supervisor_password: str = field(default_factory=new_password)
    operator_password: str = field(default_factory=new_password)


def load_or_create(file: Path) -> Credentials:
    """Adds the secrets that an installation of an earlier release does not have."""
    known = _load(file) if file.exists() else {}
    credentials = Credentials(**known)
    if asdict(credentials) != known:
        _save(credentials, file)
    return credentials


def _save(credentials: Credentials, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written to a draft and renamed, so a killed run leaves no partial file.
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as writer:
        json.dump(asdict(credentials), writer, indent=2)
    draft.rename(file)


def _load(file: Path) -> dict[str, str]:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        return {entry.name: str(known[entry.name]) for entry in fields(Credentials) if entry.name in known}
    except (ValueError, KeyError, TypeError) as error:
        raise LocalProblem(
            f"The file of credentials {file} cannot be read ({error!r}): "
            "delete this installation with 'make reset' and run again."
        ) from error
