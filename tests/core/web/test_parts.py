"""Every part is drawn whole: forms that help, references that lead somewhere, escaped text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from lms.contracts import LocalisedText
from lms.web import pages
from lms.web.pages import DrawnPanel, draw_panel

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "lms" / "templates"
CSS = (ROOT / "lms" / "static" / "samspil.css").read_text("utf-8")

TWO = [SelectChoice("a", "A"), SelectChoice("b", "B")]


class Inner(Form):
    street = StringField("Street", [InputRequired("Write a street.")])


class Example(Form):
    """One field of each kind, most of them wrong."""

    csrf_token = HiddenField()
    place = StringField("Where?", [InputRequired("Write a place.")], description="Not an address.")
    hours = IntegerField("Hours", [InputRequired(), NumberRange(1, 4)])
    words = TextAreaField("What can you share?")
    owner = RadioField("Owner", [InputRequired("Choose one.")], choices=TWO)
    tongue = SelectField("Language", choices=TWO)
    whom = SelectMultipleField(
        "Whom?",
        choices=TWO,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    agreed = BooleanField("I agree", [InputRequired("Say yes first.")], description="Undo later.")
    first = DateField("First day", [Optional()])
    paper = FileField("Paper")
    home = FormField(Inner, label="Home")
    more = FieldList(StringField("More", [InputRequired("Write one more.")]), min_entries=1)


def refused() -> Example:
    """The form as it comes back."""
    form = Example(MultiDict({"hours": "<some>", "tongue": "a"}))
    assert not form.validate()
    return form


def said(text: str, **values: object) -> str:
    return text % values if values else text


def environment(**frame: object) -> Environment:
    """The site's templates with a frame of stand-ins; whatever is missing is an error."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is None or name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("local", "num", "shy"):
        jinja.filters[name] = str
    jinja.filters["daynum"] = lambda moment, _zone=None: str(moment.day)
    jinja.filters["mon"] = lambda moment, _zone=None: f"{moment:%b}"
    link = SimpleNamespace(label="Home", url="/", icon="house", current=True, code="da", name="Da")
    jinja.globals.update(
        {
            "_": said,
            "actor": SimpleNamespace(theme="auto", signed_in=True, name="Nurse, <Kolding>"),
            "lang": "en",
            "menu": [link],
            "languages": [link],
            "flashes": lambda: [("ok", "Saved.")],
            "csrf_token": lambda: "token",
            "static_url": lambda path: f"/static/{path}",
            "draw_panel": lambda _panel: None,
            "site": SimpleNamespace(name="Samspil", footer_links=[link]),
            "account_url": "/account",
            "sign_in_url": "/sign-in",
            "page_icons": set(),
            **frame,
        }
    )
    return jinja


def gallery(**frame: object) -> str:
    """The page with every part."""
    page = SimpleNamespace(number=2, pages=3, previous_url="?page=1", next_url="?page=3")
    return (
        environment(**frame)
        .get_template("gallery.html")
        .render(form=refused(), moment=datetime(2026, 4, 14, 7, tzinfo=UTC), zone="UTC", page=page)
    )


def part(source: str, **values: object) -> str:
    """What a piece of template draws with the parts at hand."""
    head = '{% import "parts.html" as p with context %}'
    return environment().from_string(head + source).render(**values)


def test_a_page_carries_the_icons_it_uses_and_no_others() -> None:
    html = gallery()
    drawn = set(re.findall(r'<use href="#i-([a-z0-9-]+)"', html))
    carried = re.findall(r'<symbol id="i-([a-z0-9-]+)"', html)
    assert drawn == set(carried)
    assert len(carried) == len(set(carried))


def test_a_name_without_a_drawing_is_drawn_as_unknown() -> None:
    assert 'href="#i-circle-help"' in part('{{ p.icon("no-such-icon") }}')


def test_every_reference_inside_the_gallery_leads_somewhere() -> None:
    html = gallery()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    wanted = re.findall(r'\sfor="([^"]+)"', html)
    for names in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html):
        wanted += names.split()
    assert set(wanted) <= set(ids)


def test_every_class_in_the_gallery_has_a_rule() -> None:
    used = {c for names in re.findall(r'\sclass="([^"]+)"', gallery()) for c in names.split()}
    ruled = set(re.findall(r"\.([a-z][a-z0-9-]*)", CSS))
    # `seg` choices, `thread` items that are done and the wide form of a list need no rule.
    assert used - ruled <= {"done"}


def test_the_summary_counts_in_words_repeats_each_sentence_and_leads_to_its_field() -> None:
    form = refused()
    html = part(
        "{{ p.error_summary(form, ['The course is full.']) }}{{ p.fields(form) }}", form=form
    )
    summary, fields = html.split("</section>", 1)
    assert "Seven things need fixing" in summary
    assert 'role="alert"' in summary
    assert "<li>The course is full.</li>" in summary
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert [name for name, _sentence in links] == [
        "place",
        "hours",
        "owner-0",
        "agreed",
        "home-street",
        "more-0",
    ]
    for name, sentence in links:
        assert f'id="{name}"' in fields
        assert fields.count(f"<span>{sentence}</span>") == 1
    assert part("{{ p.error_summary(form) }}", form=Form()) == ""
    assert part("{{ p.error_count(form) }}", form=form) == "Six things need fixing"


def test_a_field_says_what_it_needs() -> None:
    html = part("{{ p.fields(form) }}", form=refused())
    assert re.search(r'aria-describedby="place-h place-e" aria-invalid="true"[^>]*id="place"', html)
    assert html.index("Not an address.") < html.index("Write a place.") < html.index('id="place"')
    assert 'What can you share? <span class="muted">(optional)</span>' in html
    assert "Where? <span" not in html
    # A number that is no number comes back as it was typed, escaped.
    assert re.search(r'inputmode="decimal"[^>]*type="text" value="&lt;some&gt;"', html)
    assert '<legend class="label">Owner</legend>' in html
    assert 'type="date"' in html
    assert "csrf_token" not in html


def test_a_form_carries_its_token_and_its_files() -> None:
    html = part(
        "{{ p.form_start('/x', form, class_='panel', aria_labelledby='t') }}", form=refused()
    )
    assert 'name="csrf_token" value="token"' in html
    assert html.count("csrf_token") == 1
    assert 'enctype="multipart/form-data"' in html
    assert 'class="panel" aria-labelledby="t"' in html
    assert "csrf_token" not in part("{{ p.form_start('/x', method='get') }}")


def test_what_is_unknown_is_drawn_as_unknown() -> None:
    assert "not stated" in part("{{ p.kv([('Price', none)]) }}")
    assert "not stated" in part("{{ p.td(none) }}")
    assert "unknown" in part("{{ p.numbers([('People', none)]) }}")
    assert "no date" in part("{{ p.day(none) }}")


def test_a_bar_stays_within_its_frame() -> None:
    for value, most, drawn in ((0, 0, "0"), (3, 4, "75.0"), (9, 4, "100"), (-1, 4, "0")):
        assert f'class="f-sea" width="{drawn}"' in part("{{ p.bar(v, m) }}", v=value, m=most)


def test_a_panel_joins_the_page_and_a_broken_one_leaves_a_box(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "current_host", lambda: SimpleNamespace(records={}))
    panels = [
        DrawnPanel(LocalisedText(en="Whole"), "whole.html", {"n": "<5>"}, "main", 1),
        DrawnPanel(LocalisedText(en="Broken"), "broken.html", {}, "main", 2),
        DrawnPanel(None, None, {}, "main", 3),
        DrawnPanel(LocalisedText(en="Elsewhere"), "whole.html", {"n": "6"}, "aside", 4),
    ]
    whole = '{% import "parts.html" as p with context %}{{ p.icon("plug") }}n is {{ n }}'
    jinja = environment(draw_panel=draw_panel)
    jinja.loader = ChoiceLoader(
        [jinja.loader, DictLoader({"whole.html": whole, "broken.html": "{{ 1 // 0 }}"})]
    )
    jinja.filters["local"] = lambda text: text.en
    html = jinja.from_string(
        '{% extends "base.html" %}{% import "parts.html" as p with context %}'
        "{% block main %}{{ p.panels(panels) }}{% endblock %}"
    ).render(panels=panels)
    assert "n is &lt;5&gt;" in html
    assert html.count('class="away"') == 2
    assert "Elsewhere" not in html
    assert 'id="i-plug"' in html


def test_text_is_escaped_wherever_it_is_handed_in() -> None:
    bad = "<img src=x>"
    for call in (
        "badge(x)",
        "button(x)",
        "go(x, x)",
        "kv([(x, x)])",
        "crumbs([(x, x), (x, x)])",
        "empty(x, x, x, x)",
        "facts([('clock', x)])",
        "thread([{'state': 'now', 'title': x, 'when': x, 'body': x}])",
        "run_row(x, x, text=x)",
        "progress(1, 2, x, x)",
        "th(x, x, x)",
        "steps([x], 1)",
        "host(x)",
        "search(x, x, x)",
    ):
        assert "<img" not in part("{{ p." + call + " }}", x=bad)


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_reader_chooses_the_light(theme: str) -> None:
    html = gallery(actor=SimpleNamespace(theme=theme, signed_in=True, name="A B"))
    assert ("data-theme" in html) is (theme != "auto")
    assert '<html lang="en"' in html


def test_the_title_is_the_pages_own_and_then_the_sites() -> None:
    jinja = environment()
    own = '{% extends "base.html" %}{% block title %}Courses{% endblock %}'
    assert "<title>Courses · Samspil</title>" in jinja.from_string(own).render()
    bare = '{% extends "base.html" %}'
    assert "<title>Samspil</title>" in jinja.from_string(bare).render()


@pytest.mark.parametrize("links", [4, 5, 6, 9])
def test_only_a_short_menu_moves_under_the_thumb(links: int) -> None:
    link = SimpleNamespace(label="Home", url="/", icon="house", current=False)
    html = environment(menu=[link] * links).from_string('{% extends "base.html" %}').render()
    assert ('class="nav app"' in html) is (links <= 5)


@pytest.mark.parametrize("bare", [False, True])
def test_an_error_page_says_what_to_do(bare: bool) -> None:
    html = (
        environment()
        .get_template("errors/page.html")
        .render(
            title="That page does not exist",
            text="Nothing is lost.",
            ways=[SimpleNamespace(label="Find a course", url="/courses")],
            reference="8f2c41",
            bare=bare,
        )
    )
    assert "<title>That page does not exist · Samspil</title>" in html
    assert '<a href="/courses">Find a course</a>' in html
    assert "<code>8f2c41</code>" in html
    assert ('aria-label="Main menu"' in html) is not bare


def test_mail_says_the_same_in_both_parts() -> None:
    jinja = environment()
    html = jinja.from_string(
        '{% extends "mail/layout.html" %}{% import "mail/parts.html" as m %}'
        "{% block title %}May she?{% endblock %}"
        "{% block main %}{{ m.warm(goal) }}{{ m.facts([('When', day), ('Price', none)], 'Facts') }}"
        "{{ m.press('Answer', url) }}{% endblock %}{% block why %}Because.{% endblock %}"
    ).render(goal="<b>Help</b>", day="14 April", url="/a")
    assert "<h1" in html
    assert "&lt;b&gt;Help" in html
    assert "Price" not in html
    text = jinja.from_string(
        '{% extends "mail/layout.txt" %}{% block title %}May she?{% endblock %}'
        "{% block main %}Help{% endblock %}{% block why %}Because.{% endblock %}"
    ).render()
    assert text.split("\n") == ["May she?", "", "Help", "", "-- ", "Samspil", "Because."]
