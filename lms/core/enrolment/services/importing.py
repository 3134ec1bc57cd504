"""Many at once: a list of people is read, tried, and then done exactly as it was tried.

Trying writes nothing but what it came to. Doing goes through the same verb as everybody's request;
a row that would now come out otherwise than it was said is left out, with a sentence, and the rest
goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import insert, update

from lms.contracts import Actor, EnrolmentRequest, LocalisedText, Refusal, RunFacts
from lms.core.catalogue.queries import runs_by_id
from lms.core.enrolment.forecasting import ERROR, STATE_OUTCOMES, Forecast
from lms.core.enrolment.models import Import, ImportRow
from lms.core.enrolment.queries import (
    enrolments_by_id,
    reservations_of,
    terms_of,
)
from lms.core.enrolment.queries.imports import (
    ImportFacts,
    ImportRowFacts,
    active_by_email,
    employers_of,
    seats_by_employer,
    waiting_by_employer,
    with_live_in,
)
from lms.core.enrolment.services.asking import Entry, ask_for_seat, ranks_of
from lms.core.enrolment.services.reasons import ALREADY, refusal
from lms.core.refused import Refused
from lms.core.users.addresses import email_key
from lms.db import db, new_key, now
from lms.files.sheets import Sheet, column_named
from lms.host import current_host
from lms.journal import record
from lms.web.identity_numbers import contains_identity_number
from lms.work import Conflict

GOAL_LIMIT = 500
EMAIL = ("e-mail", "email", "mail", "e-post", "mejl", "email address", "mailadresse")
GOAL = ("goal", "mål", "purpose", "formål", "syfte")

NO_EMAIL_COLUMN = refusal(
    "file.no_email",
    "Listen har ingen kolonne med e-mail. Kald kolonnen E-mail i den første linje.",
    "Listan har ingen kolumn med e-post. Kalla kolumnen E-post på första raden.",
    "The list has no column with e-mail addresses. Call the column E-mail in the first line.",
)
IDENTITY_NUMBER = LocalisedText(
    da="Rækken har et personnummer. Fjern det: den slags gemmer vi aldrig.",
    sv="Raden har ett personnummer. Ta bort det: sådana sparar vi aldrig.",
    en="The row has a personal identity number. Take it out: we never keep those.",
)
NO_ADDRESS = LocalisedText(
    da="Her står ingen e-mailadresse. Skriv den, personen logger ind med.",
    sv="Här står ingen e-postadress. Skriv den som personen loggar in med.",
    en="There is no e-mail address here. Write the one the person signs in with.",
)
UNKNOWN = LocalisedText(
    da="Ingen her har den adresse. Ret den, eller inviter personen først.",
    sv="Ingen här har den adressen. Rätta den, eller bjud in personen först.",
    en="Nobody here has this address. Correct it, or invite the person first.",
)
TWICE = LocalisedText(
    da="Personen står længere oppe på listen. Kun den første række tæller.",
    sv="Personen står längre upp i listan. Bara den första raden räknas.",
    en="The person stands further up the list. Only the first row counts.",
)
TOO_LONG = LocalisedText(
    da="Målet er for langt. Skriv højst 500 tegn.",
    sv="Målet är för långt. Skriv högst 500 tecken.",
    en="The goal is too long. Write at most 500 characters.",
)
HAS_ONE = LocalisedText(
    da="Har allerede en plads eller står i kø her.",
    sv="Har redan en plats eller står i kö här.",
    en="Has a seat here already, or stands in the queue.",
)
OTHERWISE = LocalisedText(
    da="Det ville nu ende anderledes end ved prøven. Prøv listen igen.",
    sv="Det skulle nu sluta annorlunda än vid provet. Prova listan igen.",
    en="It would now come out otherwise than when it was tried. Try the list again.",
)


# --- reading ------------------------------------------------------------------------------------


def keep_list(run_id: int, sheet: Sheet, file_name: str, actor: Actor) -> tuple[int, str]:
    """Keep the rows of a list to be tried: the list's id and key. Of a row with a national
    identity number nothing is kept. Raises `Refused` for a list without addresses."""
    email, goal = column_named(sheet.columns, EMAIL), column_named(sheet.columns, GOAL)
    if email is None:
        raise Refused(NO_EMAIL_COLUMN)
    key = new_key()
    import_id: int = db.session.execute(
        insert(Import)
        .values(
            key=key,
            run_id=run_id,
            created_by_id=actor.person_id,
            created_at=now(),
            state="trying",
            file_name=file_name[:200],
            total=len(sheet.rows),
            done=0,
        )
        .returning(Import.id)
    ).scalar_one()
    rows = [
        {"import_id": import_id, "number": number, "message": None}
        | _kept(cells, cells[email], cells[goal] if goal else "")
        for number, cells in sheet.rows
    ]
    if rows:
        db.session.execute(insert(ImportRow), rows)
    data = {"import": import_id, "rows": len(rows)}
    record("enrolment.list_sent", "run", run_id, actor=actor, data=data)
    return import_id, key


def _kept(cells: Mapping[str, str], email: str, goal: str) -> dict[str, object]:
    if any(contains_identity_number(text) for text in cells.values()):
        return {"values": {}, "state": "tried", "outcome": ERROR, "message": IDENTITY_NUMBER}
    if len(goal) > GOAL_LIMIT:
        values = {"email": email[:254]}
        return {"values": values, "state": "tried", "outcome": ERROR, "message": TOO_LONG}
    return {"values": {"email": email[:254], "goal": goal}, "state": "read", "outcome": ""}


# --- trying -------------------------------------------------------------------------------------


def forecast_of(run_id: int) -> Forecast | None:
    """None while the course type is out of order; then nothing can be asked for anyway."""
    run = runs_by_id([run_id])[run_id]
    owned = current_host().course_types().get(run.course_type)
    if owned is None:
        return None
    return Forecast.of(
        run,
        owned.item,
        terms_of([run_id])[run_id],
        list(reservations_of([run_id])[run_id]),
        seats=Counter(seats_by_employer(run_id)),
        waiting=Counter(waiting_by_employer(run_id)),
    )


def try_rows(
    rows: Sequence[ImportRowFacts],
    run_id: int,
    forecast: Forecast | None,
    closed: Sequence[Refusal],
    seen: set[int],
) -> list[dict[str, object]]:
    """What would come of these rows, to be written on them (`write_results`). `seen` are people
    further up the list; reasons in `closed` stand against everybody."""
    run = runs_by_id([run_id])[run_id]
    keys = {row.id: email_key(row.values["email"]) for row in rows}
    people = active_by_email(key for key in keys.values() if key)
    employers, live = employers_of(people.values()), with_live_in(run_id, people.values())
    good: list[tuple[ImportRowFacts, EnrolmentRequest]] = []
    results: list[dict[str, object]] = []

    def say(row: ImportRowFacts, message: LocalisedText, person_id: int | None = None) -> None:
        results.append(_result(row, ERROR, message, person_id))

    for row in rows:
        person_id = people.get(keys[row.id])
        if not keys[row.id]:
            say(row, NO_ADDRESS)
        elif person_id is None:
            say(row, UNKNOWN)
        elif person_id in seen:
            say(row, TWICE, person_id)
        elif person_id in live:
            say(row, HAS_ONE, person_id)
        elif closed or forecast is None:
            say(row, closed[0].message, person_id)
        else:
            seen.add(person_id)
            good.append((row, _request(row, person_id, employers.get(person_id), run)))
    requests = tuple(request for _row, request in good)
    against: dict[int, Refusal] = {}
    for reason in current_host().check("lms_check_enrolments", requests=requests):
        against.setdefault(reason.index, reason)
    for index, (row, request) in enumerate(good):
        if index in against:
            say(row, against[index].message, request.person_id)
        elif forecast is not None:
            outcome = forecast.ask(request.employer_id)
            results.append(_result(row, outcome, None, request.person_id))
    return results


def _request(
    row: ImportRowFacts, person_id: int, employer_id: int | None, run: RunFacts
) -> EnrolmentRequest:
    return EnrolmentRequest(
        person_id=person_id,
        run=run,
        employer_id=employer_id,
        goal=row.values["goal"],
        source="import",
    )


def _result(
    row: ImportRowFacts, outcome: str, message: LocalisedText | None, person_id: int | None
) -> dict[str, object]:
    return {
        "id": row.id,
        "state": "tried",
        "outcome": outcome,
        "message": message,
        "person_id": person_id,
    }


def forget_trials(import_id: int) -> None:
    """A trial that was interrupted begins anew, for it counts what comes before each row."""
    db.session.execute(
        update(ImportRow)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.state == "tried",
            ImportRow.person_id.is_not(None),
        )
        .values(state="read", outcome="", message=None, person_id=None)
        .execution_options(synchronize_session=False)
    )


def write_results(results: Sequence[Mapping[str, object]]) -> None:
    """Write on rows what `try_rows` has found."""
    db.session.execute(update(ImportRow), [dict(result) for result in results])


# --- doing --------------------------------------------------------------------------------------


def begin_list(found: ImportFacts, actor: Actor) -> bool:
    """Somebody wants the list done; False when it is being done already, or is."""
    begun = db.session.execute(
        update(Import)
        .where(Import.id == found.id, Import.state == "tried")
        .values(state="working", done=0)
        .execution_options(synchronize_session=False)
    )
    if not begun.rowcount:  # type: ignore[attr-defined]
        return False
    data = {"import": found.id}
    record("enrolment.list_begun", "run", found.run_id, actor=actor, data=data)
    return True


def ranks_of_rows(rows: Sequence[ImportRowFacts], run_id: int) -> Sequence[int]:
    """The ranks of these rows under the run's waiting rule; ask outside any unit of work."""
    run = runs_by_id([run_id])[run_id]
    people = active_by_email(email_key(row.values["email"]) for row in rows)
    requests = [
        _request(row, people.get(email_key(row.values["email"]), 0), None, run) for row in rows
    ]
    employers = employers_of(request.person_id for request in requests)
    return ranks_of(
        terms_of([run_id])[run_id],
        [replace(one, employer_id=employers.get(one.person_id)) for one in requests],
    )


class _Otherwise(Exception):
    """The row comes out otherwise than it was said."""


def do_row(row: ImportRowFacts, run_id: int, rank: int, actor: Actor) -> None:
    """Ask for the seat of one row, or leave it out and say why."""
    person_id = active_by_email([email_key(row.values["email"])]).get(
        email_key(row.values["email"])
    )
    message, enrolment_id = OTHERWISE, None
    try:
        if person_id is None:
            raise _Otherwise
        with db.session.begin_nested():
            enrolment_id = ask_for_seat(
                person_id,
                run_id,
                actor,
                goal=row.values["goal"],
                entry=Entry(source="import", rank=rank),
            )
            state = enrolments_by_id([enrolment_id])[enrolment_id].state
            if STATE_OUTCOMES[state] != row.outcome:
                raise _Otherwise
    except Refused as refused:
        enrolment_id = None
        already = ALREADY in {reason.code for reason in refused.refusals}
        message = HAS_ONE if already else refused.refusals[0].message
    except (_Otherwise, Conflict):
        enrolment_id = None
    values: dict[str, object] = {"state": "done", "enrolment_id": enrolment_id, "message": None}
    if enrolment_id is None:
        values = {"state": "left_out", "message": message}
    db.session.execute(
        update(ImportRow)
        .where(ImportRow.id == row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def note_import(import_id: int, **columns: object) -> None:
    """Write how far a list is."""
    db.session.execute(
        update(Import)
        .where(Import.id == import_id)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
