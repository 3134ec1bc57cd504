"""The plugin's own catalogue of words."""

from __future__ import annotations

from pathlib import Path

from lms.api import Domain

domain = Domain("shadowing", Path(__file__).parent / "translations")
gettext = domain.gettext
