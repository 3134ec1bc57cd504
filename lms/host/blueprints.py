"""A plugin's pages are tried on a scratch app first, so that a faulty one is never half mounted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import Rule

from lms.host.records import Rejected

REACHING_BEYOND = (
    "before_request_funcs",
    "after_request_funcs",
    "teardown_request_funcs",
    "template_context_processors",
    "url_value_preprocessors",
    "url_default_functions",
    "error_handler_spec",
)
"""Flask's tables whose key None means "for every page of the app"."""


def dry_run(app: Flask, name: str, blueprints: Sequence[Blueprint]) -> None:
    """Mount the blueprints on a scratch app with the settings of `app`, and look at what came.

    Raises `Rejected` when a blueprint is not called and addressed like the plugin, reaches into
    pages that are not its own, or has a route without an access declaration; and whatever the
    blueprint itself raises.
    """
    scratch = _scratch(app)
    beyond = _reach(scratch)
    for blueprint in blueprints:
        prefix = _prefix_of(name, blueprint)
        if blueprint.template_folder or blueprint.has_static_folder:
            raise Rejected(
                f"The blueprint {blueprint.name} names folders of its own; templates/{name}/ and "
                "static/ in the package are found without."
            )
        before = {id(rule) for rule in scratch.url_map.iter_rules()}
        scratch.register_blueprint(blueprint)
        for rule in scratch.url_map.iter_rules():
            if id(rule) not in before:
                _check_rule(scratch, rule, blueprint.name, prefix)
    if _reach(scratch) != beyond:
        raise Rejected(
            "The blueprint reaches into every page of the app (a function such as "
            "before_app_request or app_template_filter): a plugin keeps to its own pages."
        )


def mount(app: Flask, blueprints: Sequence[Blueprint]) -> list[str]:
    """Mount the blueprints for good; returns the names of the new endpoints."""
    before = set(app.view_functions)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return sorted(set(app.view_functions) - before)


def _scratch(app: Flask) -> Flask:
    scratch = Flask("lms.host.scratch", root_path=app.root_path, static_folder=None)
    scratch.url_rule_class = app.url_rule_class
    scratch.config.update(app.config)
    scratch.extensions.update(app.extensions)
    scratch.jinja_options = dict(app.jinja_options)
    scratch.url_map.strict_slashes = app.url_map.strict_slashes
    scratch.url_map.merge_slashes = app.url_map.merge_slashes
    scratch.url_map.host_matching = app.url_map.host_matching
    scratch.url_map.converters.update(app.url_map.converters)
    return scratch


def _prefix_of(name: str, blueprint: Blueprint) -> str:
    expected = {name: f"/{name}", f"{name}_api": f"/api/v1/{name}"}
    if blueprint.name not in expected:
        raise Rejected(
            f"The blueprint {blueprint.name} must be called {name}, or {name}_api for the API."
        )
    prefix = expected[blueprint.name]
    if blueprint.url_prefix != prefix or blueprint.subdomain is not None:
        raise Rejected(f"The blueprint {blueprint.name} must live under {prefix}.")
    return prefix


def _check_rule(scratch: Flask, rule: Rule, name: str, prefix: str) -> None:
    inside = rule.rule == prefix or rule.rule.startswith(f"{prefix}/")
    if not inside or rule.subdomain or rule.host or not rule.endpoint.startswith(f"{name}."):
        raise Rejected(f"The route {rule.rule} ({rule.endpoint}) lies outside {prefix}.")
    declared = getattr(scratch.view_functions.get(rule.endpoint), "lms_access", None)
    if declared is None:
        raise Rejected(
            f"The route {rule.rule} ({rule.endpoint}) does not declare who may use it: "
            "put @access(...) under @blueprint.route(...)."
        )
    if declared.known == "token" and not rule.rule.startswith("/api/"):
        # There a browser's cookie would count, and no form's token is asked for.
        raise Rejected(
            f"The route {rule.rule} ({rule.endpoint}) is known by token but is not of the API: "
            f"put it into a blueprint called {name.removesuffix('_api')}_api."
        )


def _reach(scratch: Flask) -> list[Any]:
    """What concerns every page of an app, in a form that can be compared."""
    tables = [dict(getattr(scratch, table)).get(None) for table in REACHING_BEYOND]
    errors = tables.pop()
    environment = scratch.jinja_env
    return [
        [list(functions or ()) for functions in tables],
        {code: dict(handlers) for code, handlers in (errors or {}).items() if handlers},
        dict(environment.filters),
        dict(environment.tests),
        dict(environment.globals),
        dict(scratch.cli.commands),
    ]
