"""The settings from environment variables, read once. `deploy/compose/*.env` lists the same variables."""

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit


class SettingInvalid(RuntimeError):
    """A variable without a safe default is missing, or one has a refused value, such as a demo value in production."""


def _read(name: str, default: str | None = None) -> str:
    value = os.environ.get(name) or default
    if value is None:
        raise SettingInvalid(f"Set the environment variable {name}; see docs/settings.md.")
    return value


def _read_secret(name: str) -> str:
    """From the variable or, if it is unset, from the file that `NAME_FILE` names: so containers get their secrets."""
    if os.environ.get(name) or not (file := os.environ.get(f"{name}_FILE")):
        return _read(name)
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SettingInvalid(f"{name}_FILE cannot be read: {problem.strerror}: {file}") from None
    if not secret:
        raise SettingInvalid(f"{name}_FILE is empty: {file}")
    return secret


ENVIRONMENTS = ("development", "production")


def _environment() -> str:
    """Refuses other words: a misspelled 'production' would leave the demo's passwords valid."""
    name = _read("ORDER_SERVICE_ENV", "development")
    if name not in ENVIRONMENTS:
        raise SettingInvalid(f"ORDER_SERVICE_ENV is {name!r}; it may be {' or '.join(ENVIRONMENTS)}.")
    return name


@dataclass(frozen=True)
class Settings:
    database_url: str = field(default_factory=lambda: _read_secret("DATABASE_URL"), repr=False)
    engine_url: str = field(
        default_factory=lambda: _read("ENGINE_URL", "http://127.0.0.1:8080/engine-rest").rstrip("/")
    )
    engine_user: str = field(default_factory=lambda: _read("ENGINE_USER", "order-service"))
    engine_password: str = field(default_factory=lambda: _read_secret("ENGINE_PASSWORD"), repr=False)
    environment: str = field(default_factory=_environment)
    secret_key: str = field(default_factory=lambda: _read_secret("SECRET_KEY"), repr=False)
    api_url: str = field(default_factory=lambda: _read("API_URL", "http://127.0.0.1:8000").rstrip("/"))
    cockpit: str = field(default_factory=lambda: _read("COCKPIT_URL", "").rstrip("/"))
    smtp_host: str = field(default_factory=lambda: _read("SMTP_HOST", "127.0.0.1"))
    smtp_port: int = field(default_factory=lambda: int(_read("SMTP_PORT", "25")))
    mail_carrier: str = field(default_factory=lambda: _read("MAIL_CARRIER", "smtp"))
    mail_from: str = field(default_factory=lambda: _read("MAIL_FROM", "orders@example.com"))
    fraud_screener: str = field(default_factory=lambda: _read("FRAUD_SCREENER", "rules"))
    proxies: int = field(default_factory=lambda: int(_read("PROXIES", "0")))
    worker_threads: int = field(default_factory=lambda: int(_read("WORKER_THREADS", "8")))

    @property
    def cockpit_url(self) -> str:
        """The address for a person's browser; it may differ from the one the service uses."""
        return self.cockpit or self.engine_url.removesuffix("/engine-rest") + "/camunda/app/cockpit/default"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"


PUBLISHED_PASSWORDS = frozenset(
    {"admin", "camunda", "changeme", "demo", "engine", "order-service", "orders", "password", "postgres", "secret"}
)
MIN_KEY_LENGTH = 32
"""SECRET_KEY signs the tokens: an attacker who guesses it can impersonate any user."""


@cache
def settings() -> Settings:
    loaded = Settings()
    if loaded.is_production:
        _refuse_demo_secrets(loaded)
    return loaded


def is_published(secret: str) -> bool:
    """Whether the secret is public, because the demo's settings files or a manual contain it."""
    return secret.lower().startswith("demo") or secret.lower() in PUBLISHED_PASSWORDS


def _refuse_demo_secrets(loaded: Settings) -> None:
    secrets = {
        "DATABASE_URL": urlsplit(loaded.database_url).password or "",
        "ENGINE_PASSWORD": loaded.engine_password,
        "SECRET_KEY": loaded.secret_key,
    }
    for name, secret in secrets.items():
        if is_published(secret):
            raise SettingInvalid(f"{name} holds a demo value; set a secret of your own in production.")
    if len(loaded.secret_key) < MIN_KEY_LENGTH:
        raise SettingInvalid(f"SECRET_KEY needs at least {MIN_KEY_LENGTH} characters in production.")
