"""The look keeps its promises without a browser: tokens, contrast, icons, clean templates."""

from __future__ import annotations

import gzip
import importlib.util
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "lms" / "templates"
STATIC = ROOT / "lms" / "static"
CSS = (STATIC / "samspil.css").read_text("utf-8")
ALL_TEMPLATES = sorted([*TEMPLATES.rglob("*.html"), *ROOT.glob("plugins/*/*/templates/**/*.html")])
# Mail programs read inline styles only.
PAGES = [file for file in ALL_TEMPLATES if "mail" not in file.parts]

TOKENS = {
    "ground": ("#f6f7f4", "#0e191d"),
    "surface": ("#ffffff", "#15262b"),
    "shade": ("#e6ebe7", "#1d3137"),
    "ink": ("#12262c", "#e8f0ee"),
    "ink-2": ("#46595f", "#a9babb"),
    "line": ("#d0d7d2", "#2d434a"),
    "edge": ("#6a7e84", "#7f9499"),
    "sea": ("#0b5563", "#86d0da"),
    "deep": ("#083e49", "#b4e6ec"),
    "on-sea": ("#ffffff", "#05242b"),
    "sea-w": ("#dcedee", "#17373f"),
    "rav": ("#b56300", "#f3b14c"),
    "amber": ("#ffb648", "#ffb648"),
    "on-amber": ("#12262c", "#12262c"),
    "rav-w": ("#fff0d2", "#2f2512"),
    "rav-i": ("#633800", "#ffdc9f"),
    "lyng": ("#8a3c70", "#e0a1cd"),
    "ok": ("#17633a", "#86d6a2"),
    "ok-w": ("#ddf0e3", "#14331f"),
    "info": ("#1d4c86", "#a3c8f7"),
    "info-w": ("#e1ebf8", "#152b45"),
    "stop": ("#9d211d", "#ffa79d"),
    "stop-w": ("#fce6e3", "#421b18"),
}
TEXT = 4.5
DRAWN = 3.0
PAIRS = [
    *((front, back, TEXT) for front in ("ink", "ink-2") for back in ("ground", "surface", "shade")),
    *((front, "rav-w", TEXT) for front in ("ink", "ink-2", "rav-i", "sea", "deep", "stop")),
    *((front, "sea-w", TEXT) for front in ("ink", "ink-2", "deep")),
    *((front, back, TEXT) for front in ("sea", "deep", "stop") for back in ("ground", "surface")),
    *((kind, f"{kind}-w", TEXT) for kind in ("ok", "info", "stop")),
    *(("ink", f"{kind}-w", TEXT) for kind in ("ok", "info", "stop")),
    ("on-sea", "sea", TEXT),
    ("on-sea", "deep", TEXT),
    ("on-amber", "amber", TEXT),
    ("ground", "ink", TEXT),
    *((line, back, DRAWN) for line in ("edge", "rav", "lyng") for back in ("ground", "surface")),
]


def declared(name: str) -> tuple[str, str]:
    """A token's value in light and in dark, as the stylesheet has it."""
    found = re.search(rf"--{name}: (light-dark\((#\w+), (#\w+)\)|(#\w+));", CSS)
    assert found, f"--{name} is missing"
    return (found[2], found[3]) if found[2] else (found[4], found[4])


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def icon_names() -> tuple[str, ...]:
    """The icons that the build script brings in."""
    spec = importlib.util.spec_from_file_location("build_icons", ROOT / "scripts/build_icons.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ICONS


@pytest.mark.parametrize("name", TOKENS)
def test_every_token_has_its_value(name: str) -> None:
    assert declared(name) == TOKENS[name]


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_tokens_that_meet_can_be_told_apart(front: str, back: str, least: float) -> None:
    for light_or_dark in (0, 1):
        ratio = contrast(declared(front)[light_or_dark], declared(back)[light_or_dark])
        assert ratio >= least, f"{front} on {back}: {ratio:.2f}"


def test_the_contrast_formula_is_the_known_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_colours_are_named_once_and_every_name_used_is_declared() -> None:
    tokens, rest = CSS.split("@layer base {", 1)
    assert tokens.index("reset, tokens, base, layout, parts, pages, modes;") < 250
    # Print has one light, so it says its ground itself.
    assert re.findall(r"#[0-9a-f]{3,8}\b", rest) == ["#ffffff"]
    assert set(re.findall(r"var\((--[\w-]+)", CSS)) <= set(re.findall(r"(--[\w-]+):", CSS))


def test_the_stylesheet_is_small_and_asks_only_for_what_lies_beside_it() -> None:
    assert len(gzip.compress(CSS.encode(), 9)) <= 12 * 1024
    asked = re.findall(r'url\("([^"]+)"\)', CSS)
    assert asked
    assert [name for name in asked if not (STATIC / name).is_file()] == []
    assert CSS.count("url(") == len(asked)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_template_brings_style_script_or_unescaped_text(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"\|\s*safe\b|autoescape", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_icon_named_in_a_template_exists(file: Path) -> None:
    named = re.findall(
        r"""\b(?:icon|draw)(?:\(|\s*=\s*)["']([a-z0-9-]+)["']""", file.read_text("utf-8")
    )
    assert set(named) <= set(icon_names())


def test_the_icons_are_few_and_the_drawings_are_theirs() -> None:
    names = icon_names()
    assert len(names) <= 40
    text = (TEMPLATES / "icons.html").read_text("utf-8")
    assert re.findall(r'<symbol id="i-([a-z0-9-]+)"', text) == list(names)
    assert "ISC License" in (STATIC / "LICENSE-lucide.txt").read_text("utf-8")


def test_the_script_only_adds() -> None:
    script = (STATIC / "samspil.js").read_text("utf-8")
    assert "innerHTML" not in script
    assert len(gzip.compress(script.encode(), 9)) < 1024
