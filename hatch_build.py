"""Build hook: every wheel carries its translations compiled, from the .po files in the tree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TranslationsHook(BuildHookInterface[Any]):
    """Compiles every ``.po`` to the ``.mo`` beside it, before files are picked."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; ``version`` and ``build_data`` are hatchling's and are left as they are."""
        root = Path(self.root)
        # The build runs from a source tree that is not installed yet.
        sys.path.insert(0, str(root))
        try:
            from scripts.compile_translations import compile_all
        finally:
            sys.path.remove(str(root))
        compile_all(root)
