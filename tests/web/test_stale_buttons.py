"""What is pressed on a page that was open too long says so, wherever the button is."""

from __future__ import annotations

import html

import pytest

from lms.contracts import LANGUAGES
from lms.web.forms import STALE
from lms.web.gate import STALE_BUTTON
from lms.web.i18n import core_domain, set_language
from tests.access.asking import fresh_address
from tests.access.table import BY_A_SCRIPT, LINES, Line
from tests.access.world import World

pytestmark = pytest.mark.once  # what is asked here no database changes

POSTS = [
    line
    for line in LINES
    if line.method == "POST"
    and line.status in (303, 422)
    and "_api." not in line.endpoint
    and line.endpoint not in BY_A_SCRIPT
]
ONLY_BUTTONS = {
    "administration.give_entry_again",
    "administration.plugin_act",
    "organisations.close",
    "organisations.remove_name",
    "users.end_all",
    "users.end_one",
    "users.sign_out",
    "users.withdraw_role",
}


def test_the_buttons_are_among_them() -> None:
    assert {line.endpoint for line in POSTS if line.status == 303} >= ONLY_BUTTONS


def sentences(world: World) -> set[str]:
    """What says so, in every language."""
    found = set()
    with world.app.test_request_context():
        for code in LANGUAGES:
            set_language(code)
            found |= {core_domain.gettext(words) for words in (STALE, STALE_BUTTON)}
    return found


@pytest.mark.parametrize("line", POSTS, ids=str)
def test_a_stale_post_does_nothing_and_says_so(world: World, line: Line) -> None:
    reader = next(name for name, status in line.sides["own"].items() if status == line.status)
    arguments = world.arguments(line.thing, "own", reader)
    assert arguments is not None
    client = world.client(reader)
    answer = client.post(
        world.url(line.endpoint, arguments),
        data={"csrf_token": "stale"},
        environ_overrides=fresh_address(),
    )
    assert answer.status_code == line.status
    with client.session_transaction() as cookie:
        said = [text for _kind, text in cookie.get("_flashes", ())]
    if line.status == 303:
        assert len(said) == 1
    shown = "\n".join([*said, html.unescape(answer.text)])
    assert any(sentence in shown for sentence in sentences(world))
