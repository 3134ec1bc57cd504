"""Lists of participants from Teams and Zoom: read, matched, looked through, written."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from lms.core.learning.meeting_lists import Listed, match, read_list, seconds_in
from lms.core.learning.models import Attendance
from lms.core.learning.queries.attendance import Mark, Present
from lms.db import db, now
from lms.files.sheet_words import SheetError

TEAMS = """1. Summary
Meeting title\tDay 3
Attended participants\t3
Start time\t11/20/26, 8:58:12 AM
End time\t11/20/26, 12:01:12 PM
Meeting duration\t3h 3m
Average attendance time\t2h 40m

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Åse Ørsted\t11/20/26, 8:58:12 AM\t11/20/26, 12:01:12 PM\t3h 3m\tase@kommune.example\t\tPresenter
Bo Bak (Guest)\t11/20/26, 9:30:00 AM\t11/20/26, 11:00:00 AM\t1h 30m 10s\t\t\tAttendee
Nobody Known\t11/20/26, 9:30:00 AM\t11/20/26, 9:31:00 AM\t45s\tnobody@else.example\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Åse Ørsted\t11/20/26, 8:58:12 AM\t11/20/26, 12:01:12 PM\t3h 3m\tase@kommune.example\tPresenter
"""
TEAMS_DA = """1. Oversigt
Mødetitel\tDag 3

2. Deltagere
Navn\tFørste deltagelse\tSeneste afgang\tVarighed i mødet\tMail\tDeltager-id (UPN)\tRolle
Åse Ørsted\t20-11-2026 08.58.12\t20-11-2026 12.01.12\t3 t. 3 min.\tase@kommune.example\t\tOplægger
"""
TEAMS_SV = """1. Sammanfattning
Mötestitel\tDag 3

2. Deltagare
Namn\tFörsta anslutning\tLämnade senast\tVaraktighet i mötet\tE-postadress\tDeltagar-ID\tRoll
Åse Ørsted\t2026-11-20 08:58:12\t2026-11-20 12:01:12\t3 tim 3 min\tase@kommune.example\t\tVärd
"""
ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456,Day 3,11/20/2026 08:55:00 AM,11/20/2026 12:05:00 PM,host@kommune.example,190,2

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Åse (Åse Ørsted),,11/20/2026 09:00:00 AM,11/20/2026 10:00:00 AM,60,Yes
Åse (Åse Ørsted),,11/20/2026 09:30:00 AM,11/20/2026 10:30:00 AM,60,Yes
Bo Bak,BO@kommune.example,11/20/2026 09:00:00 AM,11/20/2026 12:00:00 PM,180,No
"""
SIMPLE = "Name;Email;Duration (Minutes)\nÅse Ørsted;ase@kommune.example;183\n"


def workbook(text: str) -> bytes:
    book = Workbook()
    for line in text.splitlines():
        book.active.append([cell or None for cell in line.split("\t")])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.once
@pytest.mark.parametrize(
    "data",
    [
        TEAMS.encode("utf-16"),
        TEAMS.encode(),
        workbook(TEAMS),
        TEAMS_DA.encode("utf-16"),
        TEAMS_SV.encode("utf-16"),
        workbook(TEAMS_SV),
        SIMPLE.encode("utf-8-sig"),
        SIMPLE.encode("cp1252"),
    ],
)
def test_lists_in_three_languages_and_four_writings(data):
    first = read_list(data, "list.csv")[0]
    assert (first.name, first.email, first.minutes) == ("Åse Ørsted", "ase@kommune.example", 183)


@pytest.mark.once
def test_several_joins_are_added_and_two_devices_count_once():
    ase, bo = read_list(ZOOM.encode("utf-8-sig"), "participants.csv")
    assert (ase.name, ase.minutes, ase.rows) == ("Åse (Åse Ørsted)", 90, [5, 6])
    assert (bo.email, bo.minutes) == ("bo@kommune.example", 180)


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h 3m 20s", 3800),
        ("1 t. 3 min. 20 sek.", 3800),
        ("1 tim 3 min 20 sek", 3800),
        ("2 hours 1 minute", 7260),
        ("2 timer", 7200),
        ("45s", 45),
        ("63", 3780),
        ("01:03:20", 3800),
        ("1:03", 3780),
        ("", None),
        ("long", None),
        ("-5", None),
        ("9" * 60, None),
    ],
)
def test_how_long_a_cell_says(text, seconds):
    assert seconds_in(text) == seconds


@pytest.mark.once
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01",
        b"Name;Email\nA;a@b.example\n",
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        b"PK\x03\x04 broken",
        "Name\tDuration\nÅse\tsoon\n".encode("utf-16"),
        b"Name;Duration\n",
        ("Name;Duration\n" + "A;1\n" * 5001).encode(),
    ],
)
def test_what_is_no_such_list_says_what_to_do(data):
    with pytest.raises(SheetError) as raised:
        read_list(data, "list.csv")
    assert raised.value.message.da
    assert raised.value.message.sv


@pytest.mark.once
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: TEAMS + t).map(str.encode))
def test_a_file_is_read_or_refused(data):
    try:
        people = read_list(data, "x.csv")
    except SheetError:
        return
    assert all(one.minutes >= 0 for one in people)


def present(id_, name, email=""):
    return Present(enrolment_id=id_, enrolment_key=f"k{id_}", name=name, email=email, attended=0)


def listed(name, email="", minutes=100):
    return Listed(name=name, email=email, seconds=minutes * 60, rows=[1])


@pytest.mark.once
def test_matching_by_mail_then_by_name():
    in_class = [
        present(1, "Åse Ørsted", "Ase@kommune.example"),
        present(2, "Bo Bak", "bo@kommune.example"),
        present(3, "Kim Holm", "kim1@kommune.example"),
        present(4, "Kim  Holm", "kim2@kommune.example"),
        present(5, "Eva Dahl"),
    ]
    people = [
        listed("Something Else", "ase@kommune.example", 170),
        listed("bo bak (Gæst)", "", 60),
        listed("Kim Holm"),
        listed("Dahl, Eva", minutes=500),
        listed("Åse Ørsted", "", 20),
        listed("Ukendt", "x@y.example"),
    ]
    found = match(people, in_class, {}, 180)
    assert [
        (one.outcome, one.person and one.person.enrolment_id, one.mode, one.minutes)
        for one in found
    ] == [
        ("matched", 1, "present", 180),  # 170 and 20 as a guest
        ("matched", 2, "partial", 60),
        ("twice", None, "", 0),
        ("matched", 5, "present", 180),
        ("unknown", None, "", 0),
    ]


@pytest.mark.once
def test_what_somebody_said_already_is_kept():
    def mark(source):
        return {1: Mark(course_session_id=1, mode="excused", minutes=0, source=source)}

    person, row = [present(1, "Bo Bak")], [listed("Bo Bak")]
    for source, outcome in (
        ("teacher", "kept"),
        ("code", "kept"),
        ("list", "matched"),
        ("task", "matched"),
    ):
        assert match(row, person, mark(source), 180)[0].outcome == outcome


# --- the pages ----------------------------------------------------------------------------------


@pytest.fixture
def run(make_run):
    moments = [now() - timedelta(hours=5), now() + timedelta(days=6)]
    return make_run(state="running", sessions=moments, session_minutes=180)


@pytest.fixture
def teacher(client, sign_in, make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    return sign_in(client, person)


def send(browser, submit, url, data, **fields):
    return submit(browser, url, file=(io.BytesIO(data), "list.csv"), **({"grace": "10"} | fields))


def test_a_list_is_looked_through_and_then_written(
    teacher, submit, run, make_enrolment, make_person, maker, lms_app
):
    ase = make_enrolment(
        run=run, state="active", person=make_person(name="Åse Ørsted", email="ase@kommune.example")
    )
    bo = make_enrolment(run=run, state="active", person=make_person(name="Bo Bak"))
    day, later = maker.sessions_of(run)
    url = f"/teach/{run.key}/meeting/{day.key}"
    assert "Nothing is written before you say so" in teacher.get(url).text
    response = send(teacher, submit, url, TEAMS.encode("utf-16"))
    assert response.status_code == 200
    for words in ("Is written", "Nobody in the class", "Partly 90", "2 participants are written"):
        assert words in response.text
    with lms_app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Attendance)) == 0
    kept = response.text.split('name="kept" value="')[1].split('"')[0]
    written = submit(teacher, url, kept=kept)
    assert written.status_code == 303
    assert "Written: 2 participants" in teacher.get(written.location).text
    with lms_app.app_context():
        rows = db.session.scalars(db.select(Attendance).order_by(Attendance.enrolment_id)).all()
        assert [(r.enrolment_id, r.mode, r.minutes, r.source) for r in rows] == [
            (ase.id, "present", 180, "list"),
            (bo.id, "partial", 90, "list"),
        ]
    # What was looked through belongs to this session and this teacher.
    other = f"/teach/{run.key}/meeting/{later.key}"
    assert submit(teacher, other, kept=kept).status_code == 422
    assert submit(teacher, url, kept="junk").status_code == 422
    assert "opens when the day begins" in teacher.get(other).text


def test_what_cannot_be_read_says_why(teacher, submit, run, maker):
    url = f"/teach/{run.key}/meeting/{maker.sessions_of(run)[0].key}"
    response = send(teacher, submit, url, b"Name;Email\nA;a@b.example\n")
    assert response.status_code == 422
    assert "no list with names and time" in response.text
    assert submit(teacher, url, grace="10").status_code == 422
    assert send(teacher, submit, url, TEAMS.encode(), grace="often").status_code == 422
