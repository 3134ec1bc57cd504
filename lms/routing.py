"""Rules for addresses that cost little until an address is built of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_ONE_AT_A_TIME = threading.RLock()
"""Python 3.11 may raise `SystemError` when two threads make syntax trees at the same time, which is
how a builder is compiled."""


class LateRule(Rule):
    """Compiles how addresses are built when the first one is, and not when the rule is added.

    A rule that cannot be read is refused at once, as ever. A quarter of `create_app` went into
    builders of addresses, of which one process uses few.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_it = super()._compile_builder
        compiled: Callable[..., tuple[str, str]] | None = None

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            nonlocal compiled
            if compiled is None:
                with _ONE_AT_A_TIME:  # compiling twice does no harm
                    compiled = compile_it(append_unknown)
            return compiled(rule, **values)

        return build
