"""Every form with junk in every field: no fault, nothing lost, nothing alive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.testing import csrf_of
from lms.web.forms import _clean
from tests.access.asking import fresh_address
from tests.access.crawl import PrintedForm, visits
from tests.access.html import TYPED, FormOnPage, Page
from tests.access.state import State
from tests.access.table import BY_A_SCRIPT, LINES
from tests.access.world import World
from tests.fuzz.judging import alive, judge, outspoken
from tests.fuzz.junk import MARKUP, as_sent, encoded, sparing, texts

POSTS = sorted({line.endpoint for line in LINES if line.method == "POST"} - BY_A_SCRIPT)
ALWAYS = ("\x00", "9" * 400, "<" + "å" * 10_001, "\ud800")
"""What every field one writes in gets, whatever chance has in store for it."""

NOT_PRINTED = {name for name in POSTS if name.partition(".")[0].endswith("_api")}

Pairs = Sequence[tuple[str, str]]


def post(world: World, printed: PrintedForm, pairs: Pairs, *, stale: bool = False) -> Any:
    """Send a form as the reader it was printed for."""
    client = world.client(printed.visit.reader)
    token = "stale" if stale else csrf_of(client)
    return client.post(
        printed.form.action,
        data=encoded([("csrf_token", token), *pairs]),
        content_type="application/x-www-form-urlencoded",
        environ_overrides=fresh_address(),
    )


def keeps_what_was_typed(page: Page, form: FormOnPage, sent: Mapping[str, str]) -> None:
    """Assert that each field one writes in holds what was written."""
    path = form.action.partition("?")[0].partition("#")[0]
    # What is to be ticked comes and goes with what was written.
    names = {name for name, one in form.fields.items() if one.kind != "checkbox"}
    shown = next(
        (
            other
            for other in page.forms
            if other.action.partition("?")[0].partition("#")[0] == path
            and names <= set(other.fields)
        ),
        None,
    )
    for name, value in sent.items():
        kind = form.fields[name].kind if name in form.fields else ""
        if kind in TYPED:
            assert shown is not None, f"the form is gone from its page, with {name} in it"
            lines = kind == "textarea"
            held = _clean(shown.fields[name].value, lines=lines)
            assert held == _clean(as_sent(value), lines=lines), f"{name} lost {value!r}"


def pieces(form: FormOnPage) -> st.SearchStrategy[tuple[dict[str, str], Pairs]]:
    """Values for some fields of a form (the rest stays as it fits), and what comes beside."""
    names = [name for name in form.fields if name != "csrf_token"]
    names += [name for name, _value in form.buttons]
    fields = st.dictionaries(st.sampled_from(names), texts) if names else st.just({})
    beside = st.lists(
        st.tuples(st.sampled_from([*names, "extra[]", "csrf_token"]), texts), max_size=2
    )
    return st.tuples(fields, st.one_of(st.just([]), beside))


@pytest.mark.parametrize("endpoint", [name for name in POSTS if name not in NOT_PRINTED])
def test_any_field_may_hold_anything(
    world: World, state: State, forms: Sequence[PrintedForm], endpoint: str
) -> None:
    own = [one for one in forms if one.endpoint == endpoint and one.form.method == "POST"][:2]
    assert own, f"no page prints a form for {endpoint}"
    one_of_them = st.sampled_from(range(len(own)))

    @sparing
    @given(one_of_them.flatmap(lambda n: st.tuples(st.just(n), pieces(own[n].form))), st.booleans())
    def check(drawn: tuple[int, tuple[dict[str, str], Pairs]], stale: bool) -> None:
        number, (junk, beside) = drawn
        printed = own[number]
        sent = {**printed.form.filled(), **junk}
        answer = post(world, printed, [*sent.items(), *beside], stale=stale)
        page = judge(answer, faults)
        if page is not None and answer.status_code == 422 and not beside:
            keeps_what_was_typed(page, printed.form, sent)
        if answer.status_code < 400:
            state.put_back(world.kept)

    with outspoken(world.app) as faults:
        tried = set()
        for number, printed in enumerate(own):
            for name, one in printed.form.fields.items():
                if one.kind in TYPED and name not in tried:
                    tried.add(name)
                    for junk in ALWAYS:
                        check.hypothesis.inner_test((number, ({name: junk}, [])), False)
        check()


def test_the_api_takes_any_body(world: World, state: State) -> None:
    url = world.url("enrolment_api.ask", world.objects["open run"]["own"])
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
    bodies = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    )
    shaped = st.fixed_dictionaries(
        {}, optional={"goal": bodies, "answers": bodies, "state": bodies}
    )
    headers = world.bearer("learner")

    @sparing
    @given(st.one_of(bodies, shaped))
    def check(body: Any) -> None:
        answer = world.app.test_client().post(
            url, json=body, headers=headers, environ_overrides=fresh_address()
        )
        judge(answer, faults)
        assert answer.mimetype in ("application/json", "application/problem+json")
        state.put_back(world.kept)

    with outspoken(world.app) as faults:
        check()
        for raw in (b"", b"\xff", b"{", b"[" * 100_000, b'{"goal": "\\ud800"}'):
            answer = world.app.test_client().post(
                url,
                data=raw,
                headers=headers,
                content_type="application/json",
                environ_overrides=fresh_address(),
            )
            judge(answer, faults)


def test_a_list_of_people_takes_any_body(world: World, state: State) -> None:
    url = world.url("users_api.people_sync", world.objects["organisation"]["own"])
    cells = st.dictionaries(st.sampled_from(["employee_number", "name", "email"]), texts)
    bodies = st.fixed_dictionaries(
        {"mode": st.just("changes") | texts, "rows": st.lists(cells, max_size=3)},
        optional={"dry_run": st.booleans() | texts},
    )
    headers = world.bearer("institution")

    @sparing
    @given(bodies)
    def check(body: Any) -> None:
        answer = world.app.test_client().post(
            url, json=body, headers=headers, environ_overrides=fresh_address()
        )
        judge(answer, faults)
        assert answer.mimetype in ("application/json", "application/problem+json")
        state.put_back(world.kept)

    with outspoken(world.app) as faults:
        check()


def test_what_is_kept_is_drawn_as_text_on_every_page(
    world: World, forms: Sequence[PrintedForm]
) -> None:
    """Put a payload into every field people write in, let it be kept, then open every page."""
    kept = 0
    with outspoken(world.app) as faults:
        for number, printed in enumerate(forms):
            if printed.form.method != "POST" or printed.endpoint.startswith("users.end"):
                continue
            payload = MARKUP[number % 6]
            typed = {
                name: payload
                for name, one in printed.form.fields.items()
                if one.kind in ("text", "textarea")
            }
            if not typed:
                continue
            answer = post(world, printed, [*{**printed.form.filled(), **typed}.items()])
            judge(answer, faults)
            kept += answer.status_code == 303
        assert kept >= 8, "too few forms took the payload in"
        for visit in visits(world):
            if visit.reader not in ("guest", "learner", "site"):
                continue
            arguments = world.arguments(visit.line.thing, visit.side, visit.reader)
            assert arguments is not None
            headers = world.bearer(visit.reader) if visit.url.startswith("/api/") else {}
            answer = world.client(visit.reader).get(
                visit.url, headers=headers, buffered=True, environ_overrides=fresh_address()
            )
            if answer.mimetype == "text/html":
                alive(Page(answer.text, visit.url))
        assert not faults.found
