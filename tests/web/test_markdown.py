"""What people format themselves: nothing in it runs, and what is hard to read is said."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.testing import csrf_of, sign_in_as
from lms.web.markdown import TAGS, clean, document_keys, render
from lms.web.writing import LONGEST_TEXT, remarks, tree

once = pytest.mark.once

KEY = "abcdefghijklmnop"
PLACE = "qrstuvwxyz234567"


@pytest.fixture(scope="module", autouse=True)
def language():
    """Remarks are written in somebody's language: here in English."""
    app = Flask("words")
    app.config["LANGUAGE"] = "en"
    with app.app_context():
        yield


# --- what does harm -----------------------------------------------------------------------------

SCHEMES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "%6Aavascript:alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "file:///etc/passwd",
    f"file:{KEY}/../../x",
    "//evil.example/x",
    "/admin/people",
    "../../sign-out",
    "blob:https://x.example/1",
    "filesystem:https://x.example/1",
    "jar:https://x.example!/a",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "livescript:alert(1)",
    "mhtml:https://x.example!y",
    "ws://x.example/",
    "tel:112",
    "http:alert(1)",
    "https:///x",
)
PLACES = ("[x]({})", "[x](<{}>)", "![x]({})", "<{}>", "[x][y]\n\n[y]: {}")

ELEMENTS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://x.example/a.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x onerror=&#97;lert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=`x`onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<template><script>alert(1)</script></template>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<base href=https://x.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=https://x.example/a.css>",
    "<style>@import 'https://x.example/a.css';</style>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<body onload=alert(1)>",
    "<html onmouseover=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<select autofocus onfocus=alert(1)><option>x</select>",
    "<isindex action=javascript:alert(1) type=image>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href=https://x.example target=_blank onclick=alert(1)>x</a>",
    "<a name=x id=csrf_token>x</a>",
    "<p id=main class=turn>x</p>",
    "<table background=javascript:alert(1)>",
    "<td background='javascript:alert(1)'>x</td>",
    "<div draggable=true ondragstart=alert(1)>x</div>",
    "<x onpointerrawupdate=alert(1)>x</x>",
    "<custom-element is=x onclick=alert(1)>x</custom-element>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "</textarea><script>alert(1)</script>",
    "</p></div></main><script>alert(1)</script>",
    "{{ 7*7 }}{% for x in [1] %}<script>alert(1)</script>{% endfor %}",
    "${alert(1)}<%= alert(1) %>",
    "\ufeff<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<a\u2028href=javascript:alert(1)>x</a>",
    "<plaintext>",
    "<dialog open><script>alert(1)</script></dialog>",
    "<portal src=https://x.example>",
    "<frameset onload=alert(1)>",
)
IN_MARKDOWN = (
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"onmouseover="alert(1)\nx\n```',
    "    <script>alert(1)</script>",
    "> <img src=x onerror=alert(1)>",
    "- <svg onload=alert(1)>",
    "# <script>alert(1)</script>",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    '[x](https://x.example "onmouseover=alert(1)")',
    '[x](https://x.example "\\" onmouseover=\\"alert(1)")',
    f'![x](file:{KEY} "\\" onerror=\\"alert(1)")',
    f'![" onerror="alert(1)](file:{KEY})',
    f"![<script>alert(1)</script>](file:{KEY})",
    '[<img src=x onerror="alert(1)">](https://x.example)',
    '[x](https://x.example/"onmouseover=alert(1)//)',
    "[x](https://x.example/'onmouseover='alert(1))",
    '<https://x.example/"onmouseover=alert(1)>',
    "[a]: javascript:alert(1)\n\n[a]",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "**<script>**alert(1)**</script>**",
    "\\<script>alert(1)\\</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "~~<img src=x onerror=alert(1)>~~",
    "1. [x](vbscript:1)",
    "[\0x](java\0script:alert(1))",
)
CORPUS = (
    *(place.format(scheme) for scheme in SCHEMES for place in PLACES),
    *ELEMENTS,
    *IN_MARKDOWN,
)

MAY_HAVE = {
    "a": {"href", "rel"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "table": {"class"},
}
ADDRESS = re.compile(
    r"https?://[^\s/]\S*|mailto:\S+|/files/[a-z2-7]{16}(\?in=[a-z2-7]{16})?", re.IGNORECASE
)


class Looked(HTMLParser):
    """What a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name not in MAY_HAVE.get(tag, ()):
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "src") and not ADDRESS.fullmatch(value or ""):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "src" and not (value or "").startswith("/files/"):
                self.wrong.append(f"{tag} {name}={value}")

    def handle_comment(self, data):
        self.wrong.append("a comment")

    def handle_decl(self, decl):
        self.wrong.append("a declaration")

    def handle_pi(self, data):
        self.wrong.append("an instruction")


@once
def test_the_corpus_is_as_large_as_it_should_be():
    assert len(set(CORPUS)) == len(CORPUS) >= 120


@once
@pytest.mark.parametrize("payload", CORPUS)
def test_nothing_in_a_text_runs(payload):
    for text in (payload, f"Hej {payload} hej", f"- a\n\n  {payload}"):
        assert Looked(str(render(text, PLACE))).wrong == []
        assert remarks(text) is not None
    assert Looked(clean(payload)).wrong == []


@once
@pytest.mark.parametrize("payload", CORPUS)
def test_cleaning_twice_is_cleaning_once(payload):
    once_cleaned = clean(payload)
    assert clean(once_cleaned) == once_cleaned
    drawn = str(render(payload))
    assert clean(drawn) == drawn


PIECES = st.sampled_from(
    [*ELEMENTS, *IN_MARKDOWN, *SCHEMES, "<", ">", '"', "'", "](", "![", "\n\n", "`", "|", "&#", "="]
)


@once
@given(st.lists(PIECES | st.text(max_size=12), max_size=8).map("".join))
def test_any_text_is_harmless_and_stays_as_it_was_cleaned(text):
    html = clean(text)
    assert clean(html) == html
    drawn = str(render(text, PLACE))
    assert clean(drawn) == drawn
    assert Looked(drawn).wrong == []
    assert Looked(html).wrong == []
    assert json.dumps(tree(drawn))
    for remark in remarks(text):
        assert remark.sentence


# --- what it becomes ----------------------------------------------------------------------------


@once
def test_what_people_need_is_drawn():
    text = f"""# Stor

## Før *turen*
Se [vejledningen](https://example.org/a?b=1) og **husk** ~~ikke~~ nøglen.
Næste linje

1. et
2. to

| a | b |
|---|---|
| 1 | 2 |

![En lift ved en seng](file:{KEY})
"""
    html = str(render(text, PLACE))
    assert "<h1" not in html
    assert "<h2>Før <em>turen</em></h2>" in html
    assert '<a href="https://example.org/a?b=1" rel="noopener noreferrer">vejledningen</a>' in html
    assert "<strong>husk</strong>" in html
    assert "<br>" in html
    assert '<table class="table tight">' in html
    assert f'src="/files/{KEY}?in={PLACE}"' in html
    assert 'alt="En lift ved en seng"' in html


@once
def test_a_picture_from_elsewhere_is_its_words():
    html = str(render("![En lift](https://x.example/lift.png)"))
    assert html == "<p>En lift</p>\n"


@once
def test_documents_of_a_text_are_found():
    text = f"![a](file:{KEY}) [b](file:{PLACE}) ![c](file:{KEY}) ![d](file:kort)"
    assert document_keys(text) == (KEY, PLACE)


@once
@pytest.mark.parametrize("sign", ["[", "![", "*a_", "> ", "`", "|a", "[a](", "<", "&#x41;", "**a"])
def test_a_text_made_to_be_slow_is_drawn_all_the_same(sign):
    assert render((sign * LONGEST_TEXT)[:LONGEST_TEXT]) is not None


# --- what is said of it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("# Stor", "stop", "the page has that already"),
        ("### Tre", "stop", "Begin the line with ##."),
        ("## To\n\n#### Fire", "stop", "Begin the line with ###."),
        ("## ", "stop", "heading without words"),
        (f"![](file:{KEY})", "stop", "Picture 1 (lift.jpg) has no description"),
        (f"Hej\n\n![IMG_1.jpg](file:{KEY})", "stop", "Picture 1 (lift.jpg) has no description"),
        ("![Lift](https://x.example/a.png)", "stop", "Picture 1 (Lift) lies on another site"),
        (f"![Lift](file:{PLACE})", "stop", "none of the pictures sent here"),
        (f"![{'lang ' * 80}](file:{KEY})", "wait", "is long"),
        ("[klik her](https://x.example)", "wait", "does not say where the link leads"),
        ("[Her](https://x.example)", "wait", "does not say where the link leads"),
        ("[Läs mer.](https://x.example)", "wait", "does not say where the link leads"),
        ("[https://x.example/a](https://x.example/a)", "wait", "only an address"),
        ("<https://x.example/a>", "wait", "only an address"),
        ("[](https://x.example)", "stop", "has no words"),
        ("[plan](javascript:alert)", "stop", "Begin it with https://"),
        ("[plan](/admin)", "stop", "Begin it with https://"),
        (f"[plan](file:{PLACE})", "stop", "leads to a file that is not here"),
    ],
)
@once
def test_what_is_hard_to_read_is_said(text, kind, words):
    (found,) = remarks(text, {KEY: "lift.jpg"})
    assert found.kind == kind
    assert words in found.sentence


@once
def test_a_good_text_has_no_remarks():
    text = (
        f"## Lift\n\n### Før\n\n![En lift](file:{KEY})\n\n[Vejledning](https://x.example)\n\n## Så"
    )
    assert remarks(text, {KEY: "lift.jpg"}) == []


# --- while it is written ------------------------------------------------------------------------


def test_a_text_is_looked_at_while_it_is_written(lms_app, client, make_person):
    sign_in_as(client, make_person(language="en"))
    sent = {
        "csrf_token": csrf_of(client),
        "place": PLACE,
        "text": "# Hej <b>\n\n[her](https://x.example)",
    }
    answer = client.post("/writing/check", data=sent)
    assert answer.status_code == 200
    assert [one["kind"] for one in answer.json["remarks"]] == ["stop", "wait"]
    assert answer.json["tree"][0] == ["h2", {}, ["Hej <b>"]]
    again = client.post("/writing/check", data={**sent, "text": "Hej"})
    assert again.json == {"remarks": [], "tree": [["p", {}, ["Hej"]], "\n"]}


def test_a_stale_page_shows_nothing(client, make_person):
    sign_in_as(client, make_person(language="en"))
    answer = client.post("/writing/check", data={"csrf_token": "old", "text": "Hej"})
    assert answer.status_code == 422
    assert answer.json["tree"] == []
    assert answer.json["remarks"]
