"""An organisation's own words: a closed list of places, nothing clever, nothing alive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import LANGUAGES, SYSTEM
from lms.core.messages.letters.kinds import EDITABLE, KINDS, PLACEHOLDERS
from lms.core.messages.own_words import fill, problems
from lms.core.messages.samples import sample, usual_words
from lms.core.messages.services import queue, write_text
from lms.work import unit_of_work

PIECES = st.sampled_from(
    ["{", "}", "{name}", "{course}", "{", "{{", "{ name }", "{%", "{name", "ord", "\n", "{Name}"]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_either_refused_with_a_sentence_or_filled_whole(lms_app_of_session, text):
    with lms_app_of_session.app_context():
        found = problems(text, ("name", "course"))
        filled = fill(text, {"name": "Kim {course}", "course": "{name}"})
    if "{" not in text and "}" not in text:
        assert found == ()
        assert filled == text
    if not found:
        rest = text.replace("{name}", "").replace("{course}", "")
        assert "{" not in rest
        assert "}" not in rest
        assert filled == text.replace("{course}", "\0").replace("{name}", "Kim {course}").replace(
            "\0", "{name}"
        )


@pytest.fixture(scope="module")
def lms_app_of_session(tmp_path_factory):
    """An app without a database, for words alone."""
    from lms.app import create_app
    from lms.testing import TEST_CONFIG

    folder = tmp_path_factory.mktemp("words")
    settings = {**TEST_CONFIG, "DATABASE_URL": f"sqlite:///{folder}/none.db", "DATA_DIR": folder}
    return create_app(settings, discover=False)


@pytest.mark.once
def test_the_sentence_names_the_word_and_those_that_are_known(lms_app_of_session) -> None:
    from lms.web.i18n import set_language

    with lms_app_of_session.app_context():
        set_language("en")
        (sentence,) = problems("Hej {navn}, {navn}", ("name", "course"))
        assert "{navn}" in sentence
        assert "{name}, {course}" in sentence
        (sentence,) = problems("Hej {name", ("name",))
        assert "Hej {name" in sentence


@pytest.mark.once
def test_our_own_words_and_every_sample_are_good_in_every_language(lms_app_of_session) -> None:
    with lms_app_of_session.app_context():
        for kind in EDITABLE:
            assert set(KINDS[kind].words) <= PLACEHOLDERS.keys()
            for code in LANGUAGES:
                words = usual_words(kind, code)
                assert not problems(" ".join(words), KINDS[kind].words), (kind, code)
                drawn = sample(kind, code, *words)
                assert "{" not in drawn.subject + " ".join(drawn.paragraphs)


# --- which words a mail uses --------------------------------------------------------------------


def seat_mail(story, person, row):
    with story.app.app_context(), unit_of_work():
        queue(f"test:{row.id}", person.id, "seated", subject_id=row.id)
    return story.post()[-1]


def own_words(story, organisation, code="da") -> None:
    with story.app.app_context(), unit_of_work():
        write_text(
            organisation.id,
            "seated",
            code,
            subject="Plads på {course}",
            body="Hej {name} & co.\n\nVi ses {when}, {place}. Spørg {manager}.",
            actor=SYSTEM,
        )


def test_the_employers_words_are_used_and_values_are_only_words(story, maker) -> None:
    employer = maker.organisation()
    own_words(story, employer)
    person = maker.person(name="<b>Anne</b>", language="da")
    row = maker.enrolment(run=story.run, person=person, employer=employer, manager=story.manager)
    mail = seat_mail(story, person, row)
    assert mail.subject == "Plads på Se det, der driller"
    assert "Hej <b>Anne</b> & co." in mail.text
    assert "Hej &lt;b&gt;Anne&lt;/b&gt; &amp; co." in mail.html
    assert "<b>Anne" not in mail.html
    assert "Prøvelev" in mail.text
    assert story.manager.name in mail.text
    assert "/enrolments/" in mail.text, "the button stays ours"
    assert mail.calendar


def test_without_an_employer_the_first_hosts_words_are_used(story, maker) -> None:
    host, other = maker.organisation(), maker.organisation()
    own_words(story, host)
    run = maker.run(hosts=[host, other])
    mail = seat_mail(story, story.worker, maker.enrolment(run=run, person=story.worker))
    assert mail.subject.startswith("Plads på ")


def test_the_reader_of_another_language_reads_ours(story, maker) -> None:
    employer = maker.organisation()
    own_words(story, employer, "sv")
    row = maker.enrolment(run=story.run, person=story.worker, employer=employer)
    assert not seat_mail(story, story.worker, row).subject.startswith("Plads på")


# --- the pages ----------------------------------------------------------------------------------


@pytest.fixture
def place(maker):
    return maker.organisation()


@pytest.fixture
def editor(client, sign_in, maker, place):
    person = maker.person(language="en")
    maker.access_role(person=person, role="institution_admin", organisation=place)
    return sign_in(client, person)


def test_writing_looking_saving_and_going_back(editor, place, submit) -> None:
    index = f"/admin/organisations/{place.key}/texts"
    url = f"{index}/seated/da"
    assert "One rule says whose words" in editor.get(index).text
    assert "{course}" in editor.get(url).text
    words = {"subject": "Plads på {course}", "body": "Hej {name}"}
    look = submit(editor, url, **words, act="preview")
    assert look.status_code == 200
    assert "This is what it looks like" in look.text
    assert (
        "Plads på {course}"
        not in look.text.split("This is what it looks like")[1].split("<h3")[1].split("</h3>")[0]
    )
    assert "your words" not in editor.get(index).text
    assert submit(editor, url, **words, act="save").status_code == 303
    assert "your words" in editor.get(index).text
    assert 'value="Plads på {course}"' in editor.get(url).text
    assert submit(editor, f"{url}/reset").status_code == 303
    assert "your words" not in editor.get(index).text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"subject": "{kurs}", "body": "Hej"}, "{kurs}"),
        ({"subject": "Hej", "body": "Hej {name"}, "A brace stands alone"),
        ({"subject": "Hej", "body": "{{ name }}"}, "A brace stands alone"),
        ({"subject": "Hej", "body": "{deadline}"}, "{deadline}"),
        ({"subject": "", "body": ""}, "Write the subject"),
        ({"subject": "Hej", "body": "CPR 010190-1234"}, "personal identity number"),
    ],
)
def test_what_is_not_understood_is_said(editor, place, submit, words, said) -> None:
    url = f"/admin/organisations/{place.key}/texts/seated/da"
    answer = submit(editor, url, **words, act="save")
    assert answer.status_code == 422
    assert said in answer.text


def test_other_kinds_languages_and_organisations_do_not_exist(editor, place, maker) -> None:
    for path in (
        f"/admin/organisations/{place.key}/texts/reset/da",
        f"/admin/organisations/{place.key}/texts/seated/no",
        f"/admin/organisations/{maker.organisation().key}/texts",
    ):
        assert editor.get(path).status_code == 404
