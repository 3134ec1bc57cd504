"""S03 on the pages: a report in a minute, warnings that stop nobody, similar ones that help."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image

from lms.api import documents_about, open_document
from lms.testing import counted_queries, csrf_of
from lms_challenges.queries.problems import PICTURES, own_problems, own_voice

WHAT = "Liften på badeværelset kan ikke komme hen til toilettet, så vi løfter med ryggen."
FILLED = {
    "what": WHAT,
    "frequency": "daily",
    "severity": "3",
    "place_kind": "home_care",
    "affected": ["citizen", "staff"],
    "consequences": ["working_environment"],
    "shown": "visible",
}
PHOTO = {"alt_text": "En badebænk", "photo_checked": "y"}


def send(care: Any, client: Any, **changes: Any) -> Any:
    fields = {"act": "send", "once_key": "k" * 16} | FILLED | changes
    return care.post(client, "/challenges/report?lang=en", **fields)


def told(care: Any, person: Any) -> Any:
    """All that somebody has told."""
    return care.ask(own_problems, care.actor(person)).items


def test_a_problem_is_told_with_a_few_taps_and_its_sender_sees_its_way(care: Any) -> None:
    anna = care.worker()
    client = care.client(anna)
    form = client.get("/challenges/report?lang=en&from=apv").text
    assert 'name="channel" type="hidden" value="apv"' in form
    assert '<option selected value="home_care">' in form
    assert 'name="place"' not in form
    answer = send(care, client, channel="apv")
    assert answer.status_code == 303
    (problem,) = told(care, anna)
    assert answer.location.endswith(f"/challenges/problems/{problem.key}/sent")
    assert (problem.title, problem.channel, problem.apv, problem.shown) == (
        WHAT[:-1] if len(WHAT) < 71 else problem.title,
        "apv",
        True,
        "visible",
    )
    assert (problem.organisation_id, problem.unit_id) == (care.north.id, care.district.id)
    sent = care.page(anna, answer.location).text
    assert "Thank you" in sent
    assert re.search(r"answers you by \w+ \d+ \w+ \d{4}", sent)
    page = care.page(anna, f"/challenges/problems/{problem.key}").text
    for words in ("Received", "Every day", "Somebody reads it and answers", "Take it back"):
        assert words in page, words
    assert problem.title in care.page(anna, "/challenges/mine").text
    assert care.page(care.worker("Bo"), f"/challenges/problems/{problem.key}").status_code == 404


def test_the_same_report_sent_five_times_is_one(care: Any) -> None:
    anna = care.worker()
    answers = {send(care, care.client(anna)).location for _ in range(5)}
    assert len(answers) == 1
    assert len(told(care, anna)) == 1


def test_what_is_missing_is_said_and_everything_stays(care: Any) -> None:
    anna = care.worker()
    answer = send(care, care.client(anna), what="", frequency="", today="Vi venter")
    assert answer.status_code == 422
    assert "Write what happens." in answer.text
    assert "Vi venter" in answer.text
    assert not told(care, anna)
    for field, value in {
        "severity": "9",
        "shown": "name",
        "affected": ["king"],
        "place_kind": "moon",
        "title": "x" * 161,
        "what": "x" * 4001,
    }.items():
        assert send(care, care.client(anna), **{field: value}).status_code == 422, field
    assert not told(care, anna)


@pytest.mark.parametrize("field", ["what", "today", "title"])
@pytest.mark.parametrize("number", ["010190-1234", "１９９００１０１-1239", "19121212-1212"])
def test_an_identity_number_is_never_kept(care: Any, field: str, number: str) -> None:
    anna = care.worker()
    answer = send(care, care.client(anna), **{field: f"Borgeren {number} falder"}, no_names="y")
    assert answer.status_code == 422
    assert "personal identity number" in answer.text
    assert not told(care, anna)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I går faldt Karen Hansen ved sengen.", "Karen Hansen"),
        ("Hemma hos Birgitta Öberg finns ingen hiss.", "Birgitta Öberg"),
        ("Det sker altid på Nørregade 12, 2. tv.", "Nørregade 12"),
        ("Ring til datteren på 40 12 34 56.", "40 12 34 56"),
        ("Skriv til datter@familien.example om det.", "datter@familien.example"),
        ("Hos محمد er der ingen plads.", "محمد"),
        ("Hos 王小明 er der ingen plads.", "王小明"),
        ("Hos Мария Иванова er der ingen plads.", "Мария"),
        ("Hos Παπαδόπουλος er der ingen plads.", "Παπαδόπουλος"),
    ],
)
def test_whatever_may_tell_who_somebody_is_is_warned_of_and_can_be_sent_all_the_same(
    care: Any, text: str, word: str
) -> None:
    anna = care.worker()
    client = care.client(anna)
    warned = send(care, client, what=text)
    assert warned.status_code == 422
    assert f"“{word}" in warned.text
    assert not told(care, anna)
    looked = client.post(
        "/challenges/similar?lang=en", data={"csrf_token": csrf_of(client), "what": text}
    ).get_json()
    assert any(word in remark["text"] for remark in looked["remarks"])
    assert send(care, client, what=text, no_names="y").status_code == 303


def test_names_of_the_own_workplace_are_nobodys(care: Any) -> None:
    anna = care.worker()
    assert (
        send(care, care.client(anna), what="I Hjemmepleje Øst mangler vi lifte.").status_code == 303
    )


def test_a_text_of_ten_megabytes_is_refused_before_it_is_read(care: Any) -> None:
    anna = care.worker()
    client = care.client(anna)
    assert send(care, client, what="a" * 10_000_000).status_code == 413
    assert not told(care, anna)
    data = {"csrf_token": csrf_of(client), "what": "x" * 1_000_000}
    assert client.post("/challenges/similar", data=data).status_code == 200


def test_html_is_text(care: Any) -> None:
    anna = care.worker()
    send(care, care.client(anna), what="<script>alert(1)</script> & <b>fed</b>", title="<i>x</i>")
    (problem,) = told(care, anna)
    for address in (f"/challenges/problems/{problem.key}", "/challenges/mine"):
        page = care.page(anna, address).text
        assert "<script>alert" not in page
        assert "<i>x</i>" not in page
        assert "&lt;i&gt;x&lt;/i&gt;" in page


# --- photos -------------------------------------------------------------------------------------


def photo() -> tuple[io.BytesIO, str]:
    """A picture that says where it was taken."""
    picture = Image.new("RGB", (2400, 1200), "white")
    about = picture.getexif()
    about[0x0110] = "Prøvekamera"
    place = about.get_ifd(0x8825)
    place[1], place[2] = "N", (55.0, 22.0, 44.0)
    place[3], place[4] = "E", (10.0, 23.0, 12.0)
    body = io.BytesIO()
    picture.save(body, "JPEG", exif=about)
    assert b"Exif" in body.getvalue()
    body.seek(0)
    return body, "badet.jpg"


def test_a_photo_is_kept_without_where_it_was_taken_for_those_who_may_read(care: Any) -> None:
    anna = care.worker()
    assert send(care, care.client(anna), photo=photo(), **PHOTO).status_code == 303
    (problem,) = told(care, anna)
    (document,) = care.ask(documents_about, PICTURES, [problem.id])
    assert document.alt_text == "En badebænk"
    _facts, body = care.ask(open_document, document.key)
    picture = Image.open(io.BytesIO(body))
    assert not picture.getexif()
    assert b"Exif" not in body
    assert max(picture.size) == 1600
    address = f"/files/{document.key}"
    assert (
        f'src="{address}" alt="En badebænk"'
        in care.page(anna, f"/challenges/problems/{problem.key}").text
    )
    readers = (anna, care.desk(), care.worker("Bo"), care.seller(), care.student())
    assert [care.client(one).get(address).status_code for one in readers] == [
        200,
        200,
        404,
        404,
        404,
    ]
    care.check(problem)
    assert [care.client(one).get(address).status_code for one in readers] == [
        200,
        200,
        200,
        404,
        404,
    ]


def test_a_photo_needs_words_and_somebody_who_has_looked_at_it(care: Any) -> None:
    anna = care.worker()
    for missing, sentence in (
        ("alt_text", "Write what the photo shows."),
        ("photo_checked", "Look at the photo once more."),
    ):
        fields = {name: value for name, value in PHOTO.items() if name != missing}
        answer = send(care, care.client(anna), photo=photo(), **fields)
        assert answer.status_code == 422
        assert sentence in answer.text
    fake = (io.BytesIO(b"%PDF-1.7"), "badet.jpg")
    assert send(care, care.client(anna), photo=fake, **PHOTO).status_code == 422
    assert not told(care, anna)


def test_a_photo_sent_twice_stands_once(care: Any) -> None:
    anna = care.worker()
    for _ in range(2):
        send(care, care.client(anna), photo=photo(), **PHOTO)
    (problem,) = told(care, anna)
    assert len(care.ask(documents_about, PICTURES, [problem.id])) == 1


# --- similar ones -------------------------------------------------------------------------------


def test_similar_problems_come_while_one_writes_and_on_the_next_step(care: Any) -> None:
    known = care.problem(checked=True)
    hidden = care.problem(care.worker("Carl"), title="Liften når ikke toilettet heller")
    anna = care.worker()
    client = care.client(anna)
    data = {"csrf_token": csrf_of(client), "what": WHAT}
    found = client.post("/challenges/similar?lang=en", data=data).get_json()["similar"]
    assert [one["key"] for one in found] == [known.key]
    assert found[0]["url"] == f"/challenges/problems/{known.key}"
    looked = send(care, client, act="look")
    assert looked.status_code == 422
    assert f'value="voice:{known.key}"' in looked.text
    assert "needs fixing" not in looked.text
    assert hidden.key not in looked.text
    assert not told(care, anna)
    sent = send(care, client)
    assert known.key in client.get(sent.location).text


def test_a_voice_instead_takes_along_what_was_chosen_and_written(care: Any) -> None:
    known = care.problem(checked=True)
    anna = care.worker()
    client = care.client(anna)
    assert send(care, client, act=f"voice:{known.key}").status_code == 303
    assert not [one for one in told(care, anna) if one.sender_id == anna.id]
    voice = care.ask(own_voice, known.id, anna.id)
    assert (voice.frequency, voice.severity, voice.text) == ("daily", 3, WHAT)
    assert "You said that it happens at yours too" in care.page(anna, "/challenges/mine").text
    bo = care.client(care.worker("Bo"))
    asked = send(care, bo, act=f"voice:{known.key}", frequency="")
    assert asked.status_code == 422
    assert WHAT in asked.text
    assert "needs fixing" not in asked.text
    assert care.now(known).voices == 2
    assert send(care, bo, act="voice:" + "a" * 16).status_code == 404


def test_this_happens_here_too_is_said_changed_and_taken_back(care: Any) -> None:
    known = care.problem(checked=True)
    ulla = care.worker("Ulla", unit=care.ward)
    client = care.client(ulla)
    address = f"/challenges/problems/{known.key}/voice"
    for frequency in ("weekly", "daily"):
        fields = {**FILLED, "frequency": frequency, "text": "Samma här"}
        assert care.post(client, address, **fields).status_code == 303
    assert 'value="daily" checked' in client.get(address).text.replace(
        'checked id="frequency-0" name="frequency" type="radio" value="daily"',
        'value="daily" checked',
    )
    page = client.get(f"/challenges/problems/{known.key}?lang=en").text
    assert "2 voices, 2 places, both countries" in page
    assert "Söderby kommun" in page
    assert care.post(client, f"{address}/take-back").status_code == 303
    assert care.now(known).voices == 1
    assert care.post(client, f"{address}/take-back").status_code == 404


def test_who_works_at_two_places_says_which(care: Any) -> None:
    anna = care.worker()
    care.maker.assignment(person=anna, unit=care.ward)
    client = care.client(anna)
    page = client.get("/challenges/report?lang=en").text
    codes = re.findall(r'value="(\d+-\d+-\d+)"', page)
    swedish = next(code for code in codes if code.startswith(f"{care.south.id}-"))
    assert send(care, client, place="1-2-3").status_code == 422
    assert send(care, client, place=swedish).status_code == 303
    assert told(care, anna)[0].organisation_id == care.south.id


def test_a_company_and_somebody_without_a_workplace_are_told_why_not(care: Any) -> None:
    told_off = care.page(care.seller(), "/challenges/report").text
    assert "told by those who work in care" in told_off
    assert '<a class="btn second" href="/challenges">' in told_off
    nobody = care.maker.person()
    assert "do not know where you work" in care.page(nobody, "/challenges/report").text
    assert send(care, care.client(care.seller())).status_code == 404
    student = care.student()
    assert send(care, care.client(student)).status_code == 303
    assert told(care, student)[0].organisation_id == care.school.id


def test_a_question_of_the_desk_is_what_waits_for_the_sender(care: Any) -> None:
    from lms_challenges.services.desk import ask

    anna, desk = care.worker(), care.desk()
    problem = care.problem(anna)
    care.do(ask, problem, "Hvor ofte sker det om natten?", care.actor(desk))
    address = f"/challenges/problems/{problem.key}"
    mine, theirs = care.page(anna, address).text, care.page(desk, address).text
    assert "Hvor ofte sker det om natten?" in mine
    assert f'href="{address}/answer"' in mine
    assert f'href="{address}/answer"' not in theirs
    assert f'href="/challenges/desk/{problem.key}"' in theirs
    tabs = {"/challenges/desk": desk, "/challenges/heat": anna}
    for tab, person in tabs.items():
        assert f'href="{tab}"' in care.page(person, "/challenges/mine").text
    assert 'href="/challenges/desk"' not in care.page(anna, "/challenges/mine").text


def test_a_problem_is_taken_back_by_its_sender_alone(care: Any) -> None:
    anna, bo = care.worker(), care.worker("Bo")
    problem = care.problem(anna, checked=True)
    address = f"/challenges/problems/{problem.key}/take-back"
    assert care.post(care.client(bo), address).status_code == 404
    assert care.post(care.client(anna), address).status_code == 303
    assert care.now(problem).state == "withdrawn"
    page = care.page(anna, f"/challenges/problems/{problem.key}").text
    assert "Withdrawn" in page
    assert "Take it back" not in page


@pytest.mark.once
@pytest.mark.parametrize("address", ["/challenges/mine", "/challenges/report", "problem", "sent"])
def test_pages_ask_at_most_ten_questions(care: Any, address: str) -> None:
    anna = care.worker()
    problem = care.problem(anna, checked=True)
    for n in range(12):
        other = care.worker(f"Kollega {n}", unit=care.maker.unit(organisation=care.south))
        care.say(problem, other)
        care.problem(anna, what=f"{WHAT} Nummer {n}", title=f"Liften når ikke {n}")
    addresses = {
        "problem": f"/challenges/problems/{problem.key}",
        "sent": f"/challenges/problems/{problem.key}/sent",
    }
    client = care.client(anna)
    client.get(addresses.get(address, address))
    with counted_queries(care.app) as queries:
        assert client.get(addresses.get(address, address)).status_code == 200
    assert len(queries) <= 10, "\n".join(queries)


def test_one_link_of_the_menu_is_the_present_one(care: Any) -> None:
    anna = care.worker()
    problem = care.problem(anna)
    for address, label in {
        "/challenges/mine": "Problems",
        "/challenges/report": "Problems",
        f"/challenges/problems/{problem.key}": "Problems",
        "/challenges": "Challenges",
    }.items():
        menu = care.page(anna, address).text.partition('aria-label="Main menu"')[2]
        current = re.findall(r'aria-current="page">.*?</svg>([^<]+)</a>', menu.split("</nav>")[0])
        assert current == [label], address
