"""The plugin's step of the demo: loaded once however often it is run."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import SYSTEM, unit_of_work
from lms_challenges.demo.cast import Cast, found_cast, list_accounts
from lms_challenges.demo.challenges import stories
from lms_challenges.demo.ideas import Development
from lms_challenges.demo.methods import Rounds
from lms_challenges.demo.mit_hjem import SLUG, MitHjem, published
from lms_challenges.demo.problems import Needs
from lms_challenges.demo.reading import Calendar, Framed, Replay, localised, read
from lms_challenges.documents import KINDS
from lms_challenges.queries.challenges import challenges_found

ENTERED = -229


def load() -> None:
    """Live through what a programme of three municipalities noticed and decided, in the order of
    days and in one transaction. Without the demo's world there is nothing to do."""
    cast = found_cast()
    if cast is None:
        return
    if not _is_there():
        led_to = published()
        with unit_of_work():
            _live(cast, led_to)
    list_accounts()


def _is_there() -> bool:
    first = localised(read("mit_hjem")["first"]["title"])
    return bool(challenges_found(first.da, SYSTEM))


def _live(cast: Cast, led_to: Sequence[tuple[str, str]]) -> None:
    calendar, replay = Calendar(), Replay()
    replay.add(calendar.at(ENTERED, "08:00"), cast.grant_roles)
    mit_hjem = MitHjem()
    mit_hjem.put_on(replay)
    for kind in KINDS:
        Rounds(kind, cast, calendar).put_on(replay)
    told = stories(cast, calendar)
    for story in told.values():
        story.put_on(replay)
    known: dict[str, Framed] = {**told, SLUG: mit_hjem}
    Needs(cast, calendar, known).put_on(replay)
    Development(cast, calendar, known).put_on(replay)
    replay.run()
    mit_hjem.link(led_to)
