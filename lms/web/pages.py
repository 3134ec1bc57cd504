"""Drawing pages: what every template may use, panels of plugins, the main menu."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, cast

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    get_flashed_messages,
    make_response,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from lms.contracts import LANGUAGES, Badge, LocalisedText, Panel
from lms.host import current_host
from lms.web import i18n
from lms.web.access import access
from lms.web.identity import csrf_token, current_actor
from lms.web.once import page_is_drawn
from lms.web.paging import here_with

log = logging.getLogger("lms.web")

CORE_STATIC = Path(__file__).parent.parent / "static"
FLASH_KINDS = ("ok", "info", "wait", "stop")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame: menu, footer, languages."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What the frame says about the site."""

    name: str
    footer_links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class DrawnPanel:
    """A panel ready to be included; `template` None draws the "not available" box."""

    title: LocalisedText | None
    template: str | None
    values: Mapping[str, Any]
    place: str
    order: int


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Draw a template with values. What was done before it is committed first."""
    page_is_drawn(status)
    return make_response(render_template(template, **values), status)


def bare_page(template: str, status: int, **values: Any) -> Response:
    """Draw a template without the frame: no reader, menu or database is asked."""
    drawn = current_app.jinja_env.get_template(template).render(
        lang=i18n.language(),
        site=Site(current_app.config["SITE_NAME"], ()),
        page_icons=set(),
        **values,
    )
    return make_response(drawn, status)


def not_found() -> NoReturn:
    """The page does not exist, or is not the reader's to see: nobody learns which."""
    abort(404)


def tell(sentence: str, kind: str = "ok") -> None:
    """A sentence for the top of the next page."""
    flash(sentence, kind)


def static_url(path: str, plugin: str | None = None) -> str:
    """The address of a static file with its fingerprint, so that browsers may keep it for good."""
    if plugin is None:
        return url_for("static", filename=path, v=_fingerprint(str(CORE_STATIC / path)))
    folder = current_host().records[plugin].package_path
    if folder is None:
        raise LookupError(f"the plugin {plugin} is no package, so it has no static files")
    fingerprint = _fingerprint(str(folder / "static" / path))
    return url_for("web.plugin_static", plugin=plugin, path=path, v=fingerprint)


@lru_cache(maxsize=256)
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@access(known="public", cache="public", enduring=True)
def plugin_static(plugin: str, path: str) -> Response:
    """A plugin's stylesheet or picture."""
    record = current_host().records.get(plugin)
    if record is None or record.package_path is None:
        not_found()
    return send_from_directory(record.package_path / "static", path)


def languages() -> list[Link]:
    """The language switch: the same page in each language."""
    here = i18n.language()
    links = []
    for code in LANGUAGES:
        if request.endpoint and request.method == "GET" and request.routing_exception is None:
            url = here_with(lang=code)
        else:
            url = f"{request.path}?lang={code}"
        links.append(
            Link(code.upper(), url, current=code == here, code=code, name=i18n.LANGUAGE_NAMES[code])
        )
    return links


def menu() -> list[Link]:
    """The main menu for this reader. Of links whose addresses lie in one another, only the one
    that says most of the present address is current."""
    actor = current_actor()
    links = []
    for owned in current_host().menu_links():
        item = owned.item
        if item.audience == "guests" and actor.signed_in:
            continue
        if item.audience == "signed_in" and not actor.signed_in:
            continue
        if item.permission and not actor.may_anywhere(item.permission):
            continue
        url = url_for(item.endpoint)
        links.append((item.order, i18n.local(item.label), url, item.icon, _fits(url, *item.also)))
    best = max((fits for *_link, fits in links), default=0)
    return [
        Link(label, url, icon, current=bool(fits) and fits == best)
        for _order, label, url, icon, fits in sorted(links, key=lambda link: link[:2])
    ]


def _fits(*urls: str) -> int:
    """How many signs of the present address one of these says; 0 where it lies below none."""
    here = request.path
    below = (url for url in urls if here == url or (url != "/" and here.startswith(url + "/")))
    return max(map(len, below), default=0)


def panels_for(hook: str, item_id: int, **asked: Any) -> list[DrawnPanel]:
    """The panels that plugins draw on one page, in order; a failed plugin gives a small box."""
    drawn = []
    for answer in current_host().draw(hook, actor=current_actor(), **asked):
        if answer.value is None:
            drawn.append(DrawnPanel(None, None, {}, "main", 99))
            continue
        found: Sequence[Panel] = answer.value.get(item_id, ())
        drawn += [DrawnPanel(p.title, p.template, p.values, p.place, p.order) for p in found]
    return sorted(drawn, key=lambda panel: panel.order)


@pass_context
def draw_panel(context: Context, panel: DrawnPanel) -> Markup | None:
    """A panel's HTML inside the page that shows it; None when it cannot be drawn."""
    if panel.template is None:
        return None
    name = panel.template

    def draw() -> Markup:
        template = context.environment.get_template(name)
        # The page's own frame goes along, so that the panel's icons join the page's sprite.
        return Markup(template.render({**context.get_all(), **panel.values}))  # noqa: S704

    owner, host = name.partition("/")[0], current_host()
    if owner in host.records:
        drawn: Markup | None = host.attempt(owner, "template", draw).value
        return drawn
    try:
        return draw()
    except Exception:  # a broken panel of the core takes no page with it either
        log.exception("the panel %s could not be drawn", name)
        return None


def badges_for(hook: str, **asked: Any) -> dict[int, list[Badge]]:
    """Marks by item id, from all plugins; a failed plugin leaves none."""
    found: dict[int, list[Badge]] = {}
    for answer in current_host().draw(hook, actor=current_actor(), **asked):
        for item_id, badges in (answer.value or {}).items():
            found.setdefault(item_id, []).extend(badges)
    return found


def footer_links() -> tuple[Link, ...]:
    """Links under every page, where they exist."""
    wanted = (
        ("home.accessibility", i18n.gettext("Accessibility")),
        ("home.privacy", i18n.gettext("Personal data")),
        ("home.help", i18n.gettext("Help")),
    )
    known = current_app.view_functions
    return tuple(Link(label, url_for(name)) for name, label in wanted if name in known)


def frame() -> dict[str, Any]:
    """What every template may use; made once per drawing."""
    actor = current_actor()
    return {
        "actor": actor,
        "lang": i18n.language(),
        "menu": menu(),
        "languages": languages(),
        "flashes": _flashes,
        "csrf_token": csrf_token,
        "page_icons": set(),
        "site": Site(current_app.config["SITE_NAME"], footer_links()),
        "account_url": url_for("users.account"),
        "sign_in_url": url_for("users.sign_in"),
    }


def _flashes() -> list[tuple[str, str]]:
    found = cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))
    return [(kind if kind in FLASH_KINDS else "info", text) for kind, text in found]


def install(app: Flask) -> None:
    """Give the app's templates their words, filters and frame."""
    app.jinja_env.filters.update(i18n.FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=i18n.template_gettext,
        gettext=i18n.template_gettext,
        ngettext=i18n.template_ngettext,
        static_url=static_url,
        draw_panel=draw_panel,
        period=i18n.period,
        time_span=i18n.time_span,
    )
    app.context_processor(frame)
    app.add_url_rule("/plugin-static/<plugin>/<path:path>", "web.plugin_static", plugin_static)
