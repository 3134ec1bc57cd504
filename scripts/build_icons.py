"""Write lms/templates/icons.html and its licence file from the npm package lucide-static.

The pages carry only the icons they use, as symbols in the page itself, so the drawings are kept
as a Jinja macro rather than as a file of their own. Run it after changing ICONS or VERSION:

    python scripts/build_icons.py                 fetches the package with npm
    python scripts/build_icons.py --package DIR   takes an unpacked lucide-static
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "1.62.0"
ICONS = (
    "arrow-down",
    "arrow-up",
    "award",
    "ban",
    "book-open",
    "building-2",
    "calendar",
    "calendar-check",
    "check",
    "circle-alert",
    "circle-help",
    "clipboard-check",
    "clock",
    "download",
    "eye",
    "file-text",
    "glasses",
    "graduation-cap",
    "hand",
    "history",
    "house",
    "info",
    "languages",
    "link",
    "list-checks",
    "mail",
    "map-pin",
    "menu",
    "paperclip",
    "pencil",
    "plug",
    "repeat",
    "replace",
    "search",
    "sprout",
    "triangle-alert",
    "undo-2",
    "users",
    "x",
)
ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
{#- Made by scripts/build_icons.py from lucide-static %s (ISC, static/LICENSE-lucide.txt). -#}
{%% set names = %s %%}
{#- symbol(name): the <symbol> of one icon, empty for a name that is not in `names`. -#}
{%% macro symbol(name) -%%}
"""
# Only drawing elements may come in: no script, no style, no links.
SHAPES = re.compile(r"<(path|circle|rect|line|polyline|polygon|ellipse)\s([^<>]*?)\s*/>")


def fetch(folder: Path) -> Path:
    """Unpack lucide-static into `folder` with npm and return the package's root."""
    done = subprocess.run(
        ["npm", "pack", f"lucide-static@{VERSION}", "--silent"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def shapes(svg: str) -> str:
    """The drawing elements of one icon file, one line, in the file's order."""
    return "".join(f"<{tag} {' '.join(rest.split())}/>" for tag, rest in SHAPES.findall(svg))


def template(package: Path) -> str:
    """The text of icons.html. Raises SystemExit for an icon that the package does not have."""
    branches: list[str] = []
    for name in ICONS:
        file = package / "icons" / f"{name}.svg"
        if not file.exists():
            raise SystemExit(f"lucide-static {VERSION} has no icon named {name!r}")
        branches.append(
            f'{{%- {"elif" if branches else "if"} name == "{name}" -%}}'
            f'<symbol id="i-{name}" viewBox="0 0 24 24">{shapes(file.read_text("utf-8"))}'
            "</symbol>\n"
        )
    listed = "[" + ", ".join(f'"{name}"' for name in ICONS) + "]"
    return HEAD % (VERSION, listed) + "".join(branches) + "{%- endif -%}\n{%- endmacro %}\n"


def main() -> int:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--package", type=Path, help="an unpacked lucide-static")
    given: Path | None = parser.parse_args().package
    with tempfile.TemporaryDirectory() as folder:
        package = given or fetch(Path(folder))
        (ROOT / "lms/templates/icons.html").write_text(template(package), "utf-8")
        licence = (package / "LICENSE").read_text("utf-8")
        (ROOT / "lms/static/LICENSE-lucide.txt").write_text(
            f"Icons: Lucide, npm package lucide-static {VERSION}.\n\n{licence}", "utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
