"""Everything that can be set, in one struct, read from the environment (`GOPY_*`)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec


class WrongSetting(Exception):
    """A setting that is misspelt or cannot be what it says; the sentence names it and says what to do."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Defaults suit one machine and one department; `docs/settings.md` lists them for the operator."""

    # The folder of the database and its files. Relative to where the command is started.
    data: str = "data"
    # postgresql://user:password@host/name; empty means SQLite in the data folder.
    database_url: str = ""
    # Loopback by default: nothing is offered to a network unless somebody says so.
    host: str = "127.0.0.1"
    port: int = 8000
    # How the outside reaches the service (https://gopy.example.vn); stands in links and QR codes.
    address: str = ""
    # The reader's language when neither the address nor the browser says one.
    language: str = "vi"
    # An address without TLS beyond this machine, allowed on purpose (a closed classroom network).
    allow_http: bool = False
    # Saves waiting for the disk; one more is answered 503 with Retry-After instead of queueing without end.
    queue_limit: int = 1000
    # Saves written in one transaction at most.
    batch_limit: int = 128
    # A form of 32 modules with full comments has about 100 kB.
    body_limit: int = 1_000_000
    # Hours until a signed-in member of staff signs in again.
    session_hours: int = 12
    # Minutes in which a one-time sign-in link works.
    sign_in_minutes: int = 60

    @property
    def data_folder(self) -> Path:
        return Path(self.data).expanduser().resolve()

    @property
    def base_address(self) -> str:
        return (self.address or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https only, so that cookies may be kept off plain http."""
        return self.address.startswith("https://")

    @property
    def database(self) -> str:
        """`sqlite:///path` or `postgresql://...`, as the frames and the engines read it."""
        return self.database_url or f"sqlite:///{self.data_folder / 'gopy.sqlite'}"


PREFIX = "GOPY_"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this environment.

    Raises:
        WrongSetting: a `GOPY_` name that does not exist, or a value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    given: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)
    }
    known = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for name in given:
        if name not in known:
            known_names = ", ".join(PREFIX + field.upper() for field in sorted(known))
            raise WrongSetting(f"{PREFIX}{name.upper()} is not a setting. Known settings: {known_names}.")
    try:
        settings = msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise WrongSetting(
            f"A setting has a value of the wrong kind: {error} (names stand there without GOPY_)."
        ) from error
    return _plausible(settings)


def _plausible(settings: Settings) -> Settings:
    url = settings.database_url
    if url and not url.startswith(("postgresql://", "postgres://", "sqlite:///")):
        raise WrongSetting("GOPY_DATABASE_URL must begin with postgresql:// (or be left out, for SQLite).")
    if settings.language not in ("vi", "en"):
        raise WrongSetting("GOPY_LANGUAGE must be vi or en.")
    if not 0 < settings.port < 65536:
        raise WrongSetting("GOPY_PORT must be between 1 and 65535.")
    if settings.address and not settings.address.startswith(("http://", "https://")):
        raise WrongSetting("GOPY_ADDRESS must begin with https:// (or http:// on this machine).")
    for name in ("queue_limit", "batch_limit", "body_limit", "session_hours", "sign_in_minutes"):
        if getattr(settings, name) < 1:
            raise WrongSetting(f"{PREFIX}{name.upper()} must be 1 or more.")
    return settings
