"""Sockets of the plugin's own, for plugins that know it; they fill them with `optionalhook`."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Actor, Panel, hookspec


@hookspec
def fairplay_company_panels(company_id: int, actor: Actor) -> Sequence[Panel]:
    """What a company may see of itself on its own page beside contacts, aid and declarations: what
    it was told, the certificates of its people. Asked only for somebody who works for it today."""
    raise NotImplementedError
