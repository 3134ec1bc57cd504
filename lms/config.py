"""Configuration: defaults < TOML file < `LMS_*` environment < what the caller hands in.

The TOML file is `LMS_CONFIG`, else `lms.toml` in the data folder. Its keys are the names below in
lower case; the environment has `LMS_` before the name.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lms.contracts import LANGUAGES

DEFAULTS: Mapping[str, Any] = {
    "DATA_DIR": "data",
    "DATABASE_URL": "",
    "SECRET_KEY": "",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "FILES_URL": "",
    "UPLOAD_QUOTA_MB": 500,
    "SITE_NAME": "Samspil",
    "LANGUAGE": "da",
    "ZONE": "Europe/Copenhagen",
    "PLUGINS_BLOCKED": "",
    "PLUGINS_OFF": "",
    "PLUGIN_FAILURES_ALLOWED": 5,
    "PLUGIN_SLOW_SECONDS": 5.0,
    "PLUGIN_HANGING_SECONDS": 10.0,
    "MAIL_BACKEND": "mailbox",
    "MAIL_FROM": "samspil@localhost",
    "SMTP_HOST": "localhost",
    "SMTP_PORT": 25,
    "SMTP_USER": "",
    "SMTP_PASSWORD": "",
    "SMTP_STARTTLS": False,
    "JOB_LEASE_SECONDS": 60,
    "WEB_WORKERS": 2,
    "TRUSTED_PROXIES": 0,
    "PASSWORD_TIME_COST": 3,
    "PASSWORD_MEMORY_KIB": 65536,
    "PASSWORD_PARALLELISM": 4,
    "CLOCK_START": "",
}


class ConfigurationError(Exception):
    """The configuration cannot work; the sentence says what to do."""


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole configuration, checked, with the data folder made and the derived values filled in.

    Raises `ConfigurationError` with a sentence for the administrator.
    """
    given = dict(overrides or {})
    environment = {
        name.removeprefix("LMS_"): value
        for name, value in os.environ.items()
        if name.startswith("LMS_") and name.removeprefix("LMS_") in DEFAULTS
    }
    values: dict[str, Any] = dict(DEFAULTS)
    data_dir = Path(given.get("DATA_DIR") or environment.get("DATA_DIR") or values["DATA_DIR"])
    values |= _from_file(Path(os.environ.get("LMS_CONFIG", data_dir / "lms.toml")))
    values |= environment
    values |= given
    for name, default in DEFAULTS.items():
        values[name] = _as_kind_of(default, values[name], name)
    _insist_on_sense(values)

    values["DATA_DIR"] = Path(values["DATA_DIR"]).absolute()
    values["DATA_DIR"].mkdir(parents=True, exist_ok=True)
    if not values["DATABASE_URL"]:
        values["DATABASE_URL"] = f"sqlite:///{values['DATA_DIR'] / 'samspil.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if values["DATABASE_URL"].startswith(prefix):
            rest = values["DATABASE_URL"].removeprefix(prefix)
            values["DATABASE_URL"] = f"postgresql+psycopg://{rest}"
    values["PUBLIC_URL"] = values["PUBLIC_URL"].rstrip("/")
    values["FILES_URL"] = values["FILES_URL"].rstrip("/")
    values["HTTPS"] = urlsplit(values["PUBLIC_URL"]).scheme == "https"
    values["EMBEDDED"] = values["DATABASE_URL"].startswith("sqlite") and not values["HTTPS"]
    for name in ("PLUGINS_BLOCKED", "PLUGINS_OFF"):
        if isinstance(values[name], str):
            values[name] = tuple(values[name].replace(",", " ").split())
    if values["CLOCK_START"]:
        values["CLOCK_START"] = _moment(values["CLOCK_START"], values["ZONE"])
    values["SECRET_KEY"] = values["SECRET_KEY"] or _own_secret(values)
    if len(values["SECRET_KEY"]) < 32:
        raise ConfigurationError("LMS_SECRET_KEY is too short: use at least 32 random characters.")
    return values


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    import tomllib  # most sites have no file, and it compiles its expressions when imported

    with path.open("rb") as file:
        try:
            content = tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(f"{path} is not valid TOML: {error}.") from error
    values = {name.upper(): value for name, value in content.items()}
    if unknown := sorted(set(values) - set(DEFAULTS)):
        raise ConfigurationError(f"{path} has names nobody knows: {', '.join(unknown).lower()}.")
    return values


def _as_kind_of(default: Any, value: Any, name: str) -> Any:
    if not isinstance(value, str) or isinstance(default, str):
        return value
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                value.lower()
            ]
        return type(default)(value)
    except (KeyError, ValueError) as error:
        raise ConfigurationError(
            f"LMS_{name} is {value!r}; write something like {default!r}."
        ) from error


def _moment(text: str, zone: str) -> datetime:
    """A day or a moment as somebody writes it; without an offset it is meant in `zone`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            f"LMS_CLOCK_START is {text!r}; write something like 2027-03-23 or 2027-03-23T12:00."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _insist_on_sense(values: Mapping[str, Any]) -> None:
    """What would be found out on every page, or by nobody: a mail backend nobody knows sends
    nothing, and an address without https:// would leave cookies open."""
    for name, allowed in (("LANGUAGE", LANGUAGES), ("MAIL_BACKEND", ("mailbox", "smtp"))):
        if values[name] not in allowed:
            raise ConfigurationError(
                f"LMS_{name} is {values[name]!r}; write one of: {', '.join(allowed)}."
            )
    public = urlsplit(values["PUBLIC_URL"])
    if public.scheme not in ("http", "https") or not public.netloc:
        raise ConfigurationError(
            f"LMS_PUBLIC_URL is {values['PUBLIC_URL']!r}; write something like "
            "https://samspil.example and nothing shorter."
        )
    files = urlsplit(values["FILES_URL"])
    if values["FILES_URL"] and (
        files.scheme not in ("http", "https")
        or not files.netloc
        or files.path.strip("/")
        or files.netloc == public.netloc
    ):
        raise ConfigurationError(
            f"LMS_FILES_URL is {values['FILES_URL']!r}; write the address of another host, "
            "something like https://files.samspil.example, or nothing."
        )
    if values["WEB_WORKERS"] < 1:
        raise ConfigurationError("LMS_WEB_WORKERS is less than 1; without one nobody is served.")
    try:
        ZoneInfo(values["ZONE"])
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ConfigurationError(
            f"LMS_ZONE is {values['ZONE']!r}; write something like Europe/Copenhagen."
        ) from error


def _own_secret(values: Mapping[str, Any]) -> str:
    """The embedded case makes its secret on the first start; a server must bring its own."""
    if not values["EMBEDDED"]:
        raise ConfigurationError(
            "LMS_SECRET_KEY is not set. A server needs its own secret: make one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'."
        )
    path: Path = values["DATA_DIR"] / "secret-key"
    if not path.exists():
        own = path.with_name(f"secret-key.{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text(secrets.token_urlsafe(48))
        # A link appears whole or not at all; when another process was first, its secret holds.
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text().strip()
