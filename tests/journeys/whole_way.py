"""The whole way in one sitting, through a run whose days lie behind us."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.certificates import code_in, text_of
from tests.journeys.people import Somebody

Enter = Callable[..., AbstractContextManager[Somebody]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """Who takes part, by mail; `name` is the care worker's."""

    worker: str
    name: str
    manager: str
    lead: str
    teacher: str
    stranger_language: str


def go_the_whole_way(
    enter: Enter, cast: Cast, *, run: str, title: str, folder: Path
) -> tuple[dict[str, Any], str]:
    """From the catalogue to the verified certificate: (what it says as data, the PDF's text)."""
    language = cast.stranger_language
    with enter(language=language) as worker:
        worker.search(title.partition(" ")[0])
        worker.open_run(run)
        worker.press("main a[href^='/sign-in?next=']")
        worker.sign_in(cast.worker)
        asked = worker.ask("Se hvad der tager tid. / Se vad som tar tid. / See what takes time.")
        assert worker.page.get_attribute("html", "lang") == language
    with enter(cast.manager, language=language) as manager:
        manager.say_yes(asked)
    with enter(cast.lead, language=language) as lead:
        lead.move_run(run, "running")
    with enter(cast.teacher, language=language) as teacher:
        assert teacher.fill_registers(run) == 2
        teacher.decide(run, {asked: True})
    with enter(cast.worker, language=language) as worker:
        pdf, says = worker.fetch_certificate(asked, folder)
    text = text_of(pdf)
    assert cast.name in text
    assert str(says["number"]) in text
    assert says["language"] == language
    with enter(language=language) as stranger:
        stranger.verify(code_in(text), cast.name)
        assert stranger.page.get_attribute("html", "lang") == language
    return says, text
