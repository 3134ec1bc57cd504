"""Pages, templates and menu links of plugins: tried first, kept apart, refused if out of order."""

from __future__ import annotations

import pytest
from flask import Blueprint, render_template
from jinja2 import TemplateNotFound

from lms.contracts import LocalisedText, MenuLink
from lms.hookspecs import hookimpl
from lms.web.access import access


def view():
    return "moss"


def with_pages(*blueprints):
    class Plugin:
        @hookimpl
        def lms_blueprints(self):
            return blueprints

    return Plugin()


def pages(name="moss", prefix="/moss", rule="/", declared=True, enduring=False, **options):
    blueprint = Blueprint(name, "lms.host", url_prefix=prefix, **options)

    def index():
        return "moss"

    if declared:
        index = access(known="public", enduring=enduring)(index)
    blueprint.add_url_rule(rule, "index", index)
    return blueprint


def test_pages_are_mounted(make_host):
    host = make_host(("moss", with_pages(pages(), pages("moss_api", "/api/v1/moss", "/list"))))
    client = host.app.test_client()
    assert client.get("/moss/").data == b"moss"
    assert client.get("/api/v1/moss/list").data == b"moss"


def reaching_beyond():
    blueprint = pages()
    blueprint.before_app_request(lambda: "everything is mine")
    return blueprint


def with_a_filter():
    blueprint = pages()
    blueprint.add_app_template_filter(str, "upper")
    return blueprint


def with_an_error_page():
    blueprint = pages()
    blueprint.app_errorhandler(404)(lambda error: "mine")
    return blueprint


def with_a_command():
    blueprint = pages()
    blueprint.cli.command("mine")(lambda: None)
    return blueprint


def with_a_route_outside():
    blueprint = pages()
    blueprint.record(lambda state: state.app.add_url_rule("/users", "moss.users", view))
    return blueprint


def raising():
    blueprint = pages()

    def fail(_state):
        raise RuntimeError("broken blueprint")

    blueprint.record(fail)
    return blueprint


def with_two_views():
    blueprint = pages()
    blueprint.record(lambda state: state.add_url_rule("/two", "index", lambda: "two"))
    return blueprint


BROKEN = {
    "undeclared": (lambda: pages(declared=False), "does not declare"),
    "another name": (lambda: pages("users"), "must be called moss"),
    "another address": (lambda: pages(prefix="/users"), "must live under /moss"),
    "no address": (lambda: pages(prefix=None), "must live under /moss"),
    "an API elsewhere": (lambda: pages("moss_api", "/api/v1/users"), "must live under"),
    "a host of its own": (lambda: pages(subdomain="x"), "must live under"),
    "a route outside": (with_a_route_outside, "lies outside"),
    "template folder": (lambda: pages(template_folder="templates"), "folders of its own"),
    "static folder": (lambda: pages(static_folder="static"), "folders of its own"),
    "before every request": (reaching_beyond, "every page"),
    "a filter of the core's": (with_a_filter, "every page"),
    "an error page": (with_an_error_page, "every page"),
    "a command": (with_a_command, "every page"),
    "raising": (raising, "broken blueprint"),
    "the same endpoint twice": (with_two_views, "overwriting"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_blueprint_is_never_half_mounted(make_host, healthy, quarantined, case):
    build, said = BROKEN[case]
    host = make_host(("healthy", healthy), ("moss", with_pages(build())))
    assert quarantined(host, "moss")
    assert host.records["moss"].hook == "lms_blueprints"
    assert said in host.records["moss"].error
    assert not [r for r in host.app.url_map.iter_rules() if r.endpoint.startswith("moss")]
    assert "moss" not in host.app.blueprints
    assert host.app.test_client().get("/moss/").status_code == 404


def test_blueprints_of_a_wrong_type(make_host, healthy, quarantined):
    host = make_host(("healthy", healthy), ("moss", with_pages("not a blueprint")))
    assert quarantined(host, "moss")
    assert "Blueprint" in host.records["moss"].error


def test_an_undeclared_address_in_a_nested_blueprint(make_host, healthy, quarantined):
    outer = pages()
    outer.register_blueprint(pages("inner", "/inner", declared=False))
    host = make_host(("healthy", healthy), ("moss", with_pages(outer)))
    assert quarantined(host, "moss")
    assert "/moss/inner/" in host.records["moss"].error


def test_route_refusal_while_out_of_order(make_host, healthy):
    blueprint = pages()
    blueprint.add_url_rule(
        "/verify", "verify", access(known="public", enduring=True)(lambda: "still valid")
    )
    host = make_host(("moss", with_pages(blueprint)), ("healthy", healthy))
    client = host.app.test_client()

    host.switch("moss", on=False)
    assert client.get("/moss/").status_code == 404
    assert client.get("/moss/verify").data == b"still valid"

    host.mark_broken("moss", "lms_todo_items", "it broke")
    host.switch("moss", on=True)
    host.mark_broken("moss", "lms_todo_items", "it broke")
    assert client.get("/moss/").status_code == 503
    assert client.get("/moss/verify").data == b"still valid"
    assert client.get("/healthy/").status_code == 200

    host.release("moss")
    assert client.get("/moss/").data == b"moss"


# --- templates ----------------------------------------------------------------------------------

FILES = {
    "plugin.py": "",
    "templates/moss/page.html": "<p>moss</p>",
    "templates/fern/page.html": "<p>not fern's own</p>",
    "templates/base.html": "<p>not the core's own</p>",
    "static/moss.css": "p { color: inherit }",
}


def test_templates_are_found_by_folder(make_host, package):
    package("moss", FILES)
    host = make_host(discover=True)
    with host.app.test_request_context():
        assert render_template("moss/page.html") == "<p>moss</p>"
        for name in ("fern/page.html", "moss", "moss/../base.html", "page.html"):
            with pytest.raises(TemplateNotFound):
                render_template(name)
    names = host.app.jinja_env.list_templates()
    assert "moss/page.html" in names
    assert "fern/page.html" not in names
    assert (host.records["moss"].package_path / "static" / "moss.css").is_file()


def test_a_plugin_cannot_shadow_a_template_of_the_core(make_host, package):
    package("moss", FILES)
    host = make_host(discover=True)
    loader = host.app.jinja_env.loader
    assert "not the core's own" not in loader.get_source(host.app.jinja_env, "base.html")[0]


@pytest.mark.parametrize(
    ("template", "content"),
    [
        ("moss/nowhere.html", None),
        ("moss/broken.html", "{% if %}"),
        ("base.html", None),
        ("fern/page.html", None),
    ],
)
def test_run_panels_with_a_template_that_cannot_be_drawn(
    make_host, package, facts, asked, evil, template, content
):
    package("fern", {"plugin.py": "", "templates/fern/page.html": ""})
    folder = package("moss", {"plugin.py": ""})
    if content:
        (folder / "templates" / "moss").mkdir(parents=True)
        (folder / "templates" / template).write_text(content)
    host = make_host(
        ("stone", evil("lms_run_panels", lambda: {7: [facts.panel(template)]})), discover=True
    )
    (drawn,) = host.draw("lms_run_panels", **asked["lms_run_panels"])
    assert drawn.value is None


def test_run_panels_with_its_own_template(make_host, package):
    package(
        "moss",
        {
            "plugin.py": """
from lms.contracts import LocalisedText, Panel
from lms.hookspecs import hookimpl

@hookimpl
def lms_run_panels(runs, actor):
    panel = Panel(template="moss/panel.html", values={}, title=LocalisedText(en="Moss"))
    return {7: [panel]}
""",
            "templates/moss/panel.html": "<p>moss</p>",
        },
    )
    host = make_host(discover=True)
    (drawn,) = host.draw("lms_run_panels", runs=[], actor=None)
    assert drawn.value[7][0].template == "moss/panel.html"


# --- menu ---------------------------------------------------------------------------------------


def test_menu_links_must_lead_somewhere(make_host):
    blueprint = pages()
    blueprint.add_url_rule("/<key>", "one", access(known="public")(lambda key: key))

    class Plugin:
        @hookimpl
        def lms_blueprints(self):
            return [blueprint]

        @hookimpl
        def lms_menu_links(self):
            label = LocalisedText(en="Moss")
            return [
                MenuLink(endpoint=endpoint, label=label, icon="leaf")
                for endpoint in ("moss.index", "moss.one", "moss.nowhere")
            ]

    host = make_host(("moss", Plugin()))
    assert [owned.item.endpoint for owned in host.menu_links()] == ["moss.index"]
    assert len(host.records["moss"].remarks) == 2
    host.switch("moss", on=False)
    assert host.menu_links() == []


@pytest.mark.parametrize(
    ("name", "prefix", "state"),
    [("moss", "/moss", "quarantined"), ("moss_api", "/api/v1/moss", "active")],
)
def test_a_route_known_by_token_belongs_to_the_api(make_host, name, prefix, state):
    blueprint = Blueprint(name, "lms.host", url_prefix=prefix)
    blueprint.add_url_rule("/", "index", access(known="token")(view), methods=["POST"])
    record = make_host(("moss", with_pages(blueprint))).records["moss"]
    assert record.state == state, record.error
