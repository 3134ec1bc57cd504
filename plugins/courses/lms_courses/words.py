"""The plugin's words: its catalogues."""

from __future__ import annotations

from pathlib import Path

from lms.api import Domain

domain = Domain("courses", Path(__file__).parent / "translations")
_ = domain.gettext
ngettext = domain.ngettext
