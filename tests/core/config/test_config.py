"""Where a setting comes from, and the sentence when it cannot work."""

from __future__ import annotations

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lms.config import ConfigurationError, load

pytestmark = pytest.mark.once

SECRET = "a secret that is long enough to be taken for one"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("LMS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LMS_DATA_DIR", str(tmp_path / "data"))


def write(folder: Path, text: str) -> None:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "lms.toml").write_text(text)


def test_a_nearer_word_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert load()["SITE_NAME"] == "Samspil"
    write(tmp_path, 'site_name = "From the file"\nweb_workers = 3')
    assert (load()["SITE_NAME"], load()["WEB_WORKERS"]) == ("From the file", 3)
    monkeypatch.setenv("LMS_SITE_NAME", "From the environment")
    assert load()["SITE_NAME"] == "From the environment"
    assert load({"SITE_NAME": "Given"})["SITE_NAME"] == "Given"


def test_the_file_may_lie_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('language = "sv"')
    monkeypatch.setenv("LMS_CONFIG", str(tmp_path / "site.toml"))
    assert load()["LANGUAGE"] == "sv"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("site_nam = 'x'", "site_nam"), ("site_name = ", "is not valid TOML")],
    ids=["unknown", "broken"],
)
def test_a_file_that_cannot_work(tmp_path: Path, text: str, sentence: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigurationError, match=sentence):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_WORKERS", "many"),
        ("SMTP_STARTTLS", "perhaps"),
        ("PLUGIN_SLOW_SECONDS", "long"),
        ("CLOCK_START", "some day"),
    ],
)
def test_a_value_of_the_wrong_kind(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LMS_{name}", value)
    with pytest.raises(ConfigurationError, match=f"LMS_{name} is '{value}'; write something like"):
        load()


@pytest.mark.parametrize(
    ("text", "offset"),
    [("2027-03-23", 1), ("2027-07-23T12:00", 2), ("2027-07-23T12:00+00:00", 0)],
)
def test_a_clock_without_an_offset_is_the_sites_own(text: str, offset: int) -> None:
    moment = load({"CLOCK_START": text})["CLOCK_START"]
    assert moment.utcoffset() == timedelta(hours=offset)
    assert moment.replace(tzinfo=None) == datetime.fromisoformat(text).replace(tzinfo=None)
    assert ZoneInfo("Europe/Copenhagen").key == load()["ZONE"]


def test_the_embedded_site_makes_its_secret_once_and_for_itself() -> None:
    first = load()
    path = first["DATA_DIR"] / "secret-key"
    assert first["EMBEDDED"]
    assert load()["SECRET_KEY"] == first["SECRET_KEY"] == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "settings",
    [{"DATABASE_URL": "postgresql://host/samspil"}, {"PUBLIC_URL": "https://samspil.example"}],
    ids=["postgresql", "https"],
)
def test_a_server_brings_its_own_secret(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="LMS_SECRET_KEY is not set"):
        load(settings)
    with pytest.raises(ConfigurationError, match="LMS_SECRET_KEY is too short"):
        load(settings | {"SECRET_KEY": "short"})
    assert load(settings | {"SECRET_KEY": SECRET})["EMBEDDED"] is False


def test_lists_and_addresses_are_read_as_people_write_them() -> None:
    values = load(
        {
            "PLUGINS_BLOCKED": "courses, certificates",
            "DATABASE_URL": "postgresql://host/samspil",
            "PUBLIC_URL": "https://samspil.example/",
            "SECRET_KEY": SECRET,
        }
    )
    assert values["PLUGINS_BLOCKED"] == ("courses", "certificates")
    assert values["DATABASE_URL"] == "postgresql+psycopg://host/samspil"
    assert values["PUBLIC_URL"] == "https://samspil.example"
    assert values["HTTPS"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANGUAGE", "xx"),
        ("LANGUAGE", ""),
        ("ZONE", "Mars/Base"),
        ("ZONE", ""),
        ("ZONE", "../zone"),
        ("PUBLIC_URL", "samspil.example"),
        ("PUBLIC_URL", "https://"),
        ("FILES_URL", "files.samspil.example"),
        ("FILES_URL", "http://127.0.0.1:8000"),
        ("FILES_URL", "https://files.samspil.example/files"),
        ("MAIL_BACKEND", "SMTP"),
        ("WEB_WORKERS", "0"),
    ],
)
def test_what_would_fail_on_every_page_or_in_silence_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LMS_{name}", value)
    with pytest.raises(ConfigurationError, match=f"LMS_{name}"):
        load()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_is_understood(scheme: str) -> None:
    given = load({"DATABASE_URL": f"{scheme}://one@host/samspil", "SECRET_KEY": SECRET})
    assert given["DATABASE_URL"] == "postgresql+psycopg://one@host/samspil"
