"""The plugin's own catalogue."""

from __future__ import annotations

from pathlib import Path

from lms.api import Domain

domain = Domain("certificates", Path(__file__).parent / "translations")
gettext = domain.gettext
ngettext = domain.ngettext
