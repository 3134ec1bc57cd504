"""Read and understood: confirmed, and asked again when it says something else."""

from __future__ import annotations

import io

from lms.jobs import drain
from lms.journal import deliver, seal
from lms.testing import csrf_of

TEXT = {"text": {"da": "Vask hænder."}, "version": 1}


def confirm(classroom, activity, client, version="1", **fields):
    data = {"csrf_token": csrf_of(client), "version": version, "understood": "y"} | fields
    return client.post(classroom.url(activity), data=data)


def edit(classroom, activity, **fields):
    client = classroom.client(classroom.teacher)
    data = {
        "csrf_token": csrf_of(client),
        "title_da": "Opgaven",
        "module": "start",
        "need": "required",
        "minutes": "10",
        "revision": "1",
        "after": "",
    }
    return client.post(
        f"/activities/edit/reading/{activity.key}?lang=en",
        data=data | fields,
        content_type="multipart/form-data",
    )


def settle(app):
    """What the worker does: listeners hear of it, jobs run."""
    with app.app_context():
        seal()
        deliver()
        drain()
        seal()
        deliver()
        drain()


def test_the_box_must_be_ticked(classroom):
    activity = classroom.add("reading", TEXT)
    person, enrolment = classroom.participant()
    client = classroom.client(person)
    answer = confirm(classroom, activity, client, understood="")
    assert answer.status_code == 422
    assert "Tick the box" in answer.text
    assert classroom.work(activity, enrolment) is None
    assert confirm(classroom, activity, client).status_code == 303
    work = classroom.work(activity, enrolment)
    assert (work.state, work.content) == ("accepted", {"version": 1})
    assert "You confirmed it" in client.get(classroom.url(activity)).text
    assert confirm(classroom, activity, client).status_code == 303
    assert classroom.work(activity, enrolment).state == "accepted"


def test_another_text_is_confirmed_anew(classroom, lms_app):
    activity = classroom.add("reading", TEXT)
    person, enrolment = classroom.participant()
    client = classroom.client(person)
    confirm(classroom, activity, client)
    assert edit(classroom, activity, text_da="Vask hænder og sprit.").status_code == 303
    assert "This has changed since you confirmed it" in client.get(classroom.url(activity)).text
    settle(lms_app)
    assert classroom.work(activity, enrolment).state == "returned"
    old = confirm(classroom, activity, client)
    assert old.status_code == 422
    assert "Read the new one" in old.text
    assert confirm(classroom, activity, client, version="2").status_code == 303
    work = classroom.work(activity, enrolment)
    assert (work.state, work.content) == ("accepted", {"version": 2})
    settle(lms_app)
    assert classroom.work(activity, enrolment).state == "accepted"


def test_a_newer_text_may_be_confirmed_before_the_job_has_run(classroom):
    activity = classroom.add("reading", TEXT)
    person, enrolment = classroom.participant()
    client = classroom.client(person)
    confirm(classroom, activity, client)
    edit(classroom, activity, text_da="Vask hænder og sprit.")
    assert confirm(classroom, activity, client, version="2").status_code == 303
    work = classroom.work(activity, enrolment)
    assert (work.state, work.content) == ("accepted", {"version": 2})


def test_a_small_correction_asks_nobody(classroom, lms_app):
    activity = classroom.add("reading", TEXT)
    person, enrolment = classroom.participant()
    client = classroom.client(person)
    confirm(classroom, activity, client)
    edit(classroom, activity, text_da="Vask hænderne.", small="y")
    settle(lms_app)
    assert classroom.work(activity, enrolment).state == "accepted"
    html = client.get(classroom.url(activity)).text
    assert "This has changed" not in html
    assert "You confirmed it" in html


def test_a_reading_is_a_text_or_a_file(classroom):
    activity = classroom.add("reading")
    assert "Write a text, or choose a file." in edit(classroom, activity).text
    sent = edit(classroom, activity, file_da=(io.BytesIO(b"Vask"), "regler.txt"))
    assert sent.status_code == 303
    person, _enrolment = classroom.participant()
    assert "regler.txt" in classroom.client(person).get(classroom.url(activity)).text


def test_a_picture_goes_into_a_reading_as_well(classroom):
    activity = classroom.add("reading", TEXT)
    answer = edit(classroom, activity, text_da="Vask", act="picture")
    assert answer.status_code == 422
    assert "Choose a picture." in answer.text
