"""What the documents promise is what the code has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lms.config import DEFAULTS
from lms.web.limits import LIMITS

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
OPERATING = (ROOT / "docs" / "operating.md").read_text()
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_setting_is_explained() -> None:
    table = OPERATING.partition("## Configuration")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([A-Z][A-Z_]*[A-Z])`", table)) - {
        "LMS_CONFIG",
        "LMS_DATABASE_URL",
    } == set(DEFAULTS)


def test_every_limit_is_told() -> None:
    table = OPERATING.partition("## Limits")[2].partition("\n## ")[0]
    told = [int(number) for number in re.findall(r"^\| .* \| (\d+) \|$", table, re.MULTILINE)]
    assert told == list(LIMITS.values())


def test_the_accounts_are_those_of_the_demo() -> None:
    demo = ROOT / "plugins" / "courses" / "lms_courses" / "demo" / "organisations.json"
    data = json.loads(demo.read_text())
    names = {one["slug"]: one["name"] for one in data["organisations"]}
    there = {
        (person["demo_account"], person["email"], names[person["organisation"]])
        for person in data["people"]
        if person["demo_account"]
    }
    told = re.findall(r"^\| (\w+) \| (\S+@\S+) \| (.+) \|$", README, re.MULTILINE)
    assert set(told) == there
    assert "samspil-demo-2026" in README


def test_the_words_to_look_for_are_on_the_pages() -> None:
    steps = README.partition("## From the catalogue")[2].partition("\n## ")[0]
    words = {" ".join(found.split()) for found in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", steps)}
    assert len(words) > 8
    sources = [
        path.read_text()
        for folder in ("lms", "plugins")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html")
    ]
    assert not {word for word in words if not any(f'"{word}"' in text for text in sources)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", document.read_text())
    missing = [
        target
        for target in targets
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert not missing


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs" / "pictures").glob("*")), ids=lambda path: path.name
)
def test_pictures_are_small(picture: Path) -> None:
    assert picture.stat().st_size < 120_000
