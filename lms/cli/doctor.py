"""`lms doctor`: is everything well? Plain sentences, and an exit code for machines."""

from __future__ import annotations

import shutil
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime

import click
from flask import Flask
from sqlalchemy import text

from lms.contracts import DoctorFinding
from lms.db import db, now

MOST_CLOCK_SECONDS = 5


@click.command("doctor")
def doctor() -> None:
    """Ask the database, migrations, mail, storage, fonts, clock, secret and plugins."""
    from lms.app import create_app

    app = create_app()
    with app.app_context():
        findings = list(examine(app))
    for finding in findings:
        mark = "ok     " if finding.ok else ("warning" if finding.warning else "PROBLEM")
        click.echo(f"{mark}  {finding.name}: {finding.sentence}")
    sys.exit(1 if any(not f.ok and not f.warning for f in findings) else 0)


def examine(app: Flask) -> Iterator[DoctorFinding]:
    """All findings, the core's first. Needs an app context."""
    from lms.host import current_host

    yield from _database(app)
    yield _mail(app)
    yield _storage(app)
    yield _fonts()
    yield _secret(app)
    yield from (owned.item for owned in current_host().doctor_findings())


def _database(app: Flask) -> Iterator[DoctorFinding]:
    from lms import migrate

    kind = db.engine.dialect.name
    try:
        found = db.session.execute(text("SELECT CURRENT_TIMESTAMP")).scalar_one()
    except Exception as error:  # noqa: BLE001 - whatever a driver raises is the finding
        yield DoctorFinding(ok=False, name="database", sentence=f"{kind} does not answer: {error}")
        return
    yield DoctorFinding(ok=True, name="database", sentence=f"{kind} answers.")
    yield _clock(found)
    waiting = [status.owner for status in migrate.status(app) if status.pending]
    yield DoctorFinding(
        ok=not waiting,
        name="migrations",
        sentence=f"Run `lms upgrade`: {', '.join(waiting)} is behind."
        if waiting
        else "All tables are at their newest step.",
    )


def _clock(found: object) -> DoctorFinding:
    moment = found if isinstance(found, datetime) else datetime.fromisoformat(str(found))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    apart = abs((moment - now()).total_seconds())
    fine = apart <= MOST_CLOCK_SECONDS
    sentence = (
        "This machine and the database agree on the time."
        if fine
        else f"The clocks of this machine and the database are {apart:.0f} seconds apart."
    )
    return DoctorFinding(ok=fine, name="clock", sentence=sentence, warning=True)


def _mail(app: Flask) -> DoctorFinding:
    if app.config["MAIL_BACKEND"] == "mailbox":
        sentence = "Mails are kept on the mailbox page; set LMS_MAIL_BACKEND=smtp to send them."
        fine = bool(app.config["EMBEDDED"])
        return DoctorFinding(ok=fine, name="mail", sentence=sentence, warning=True)
    where = f"{app.config['SMTP_HOST']}:{app.config['SMTP_PORT']}"
    try:
        with smtplib.SMTP(app.config["SMTP_HOST"], app.config["SMTP_PORT"], timeout=5) as server:
            server.noop()
    except OSError as error:
        return DoctorFinding(ok=False, name="mail", sentence=f"{where} does not answer: {error}.")
    return DoctorFinding(ok=True, name="mail", sentence=f"{where} answers.")


def _storage(app: Flask) -> DoctorFinding:
    folder = app.config["DATA_DIR"]
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return DoctorFinding(ok=False, name="storage", sentence=f"{folder}: {error}.")
    return DoctorFinding(
        ok=free > 500 * 2**20,
        name="storage",
        sentence=f"{folder} can be written; {free // 2**20:,} MiB are free.",
        warning=True,
    )


def _fonts() -> DoctorFinding:
    """Certificates bring their own font; other scripts need one from the system."""
    if shutil.which("fc-list") is None:
        return DoctorFinding(
            ok=False,
            name="fonts",
            sentence="fc-list is missing, so fonts cannot be counted: install fontconfig.",
            warning=True,
        )
    listed = subprocess.run(
        ["fc-list", ":lang=el", "family"], capture_output=True, text=True, check=False, timeout=20
    )
    fine = bool(listed.stdout.strip())
    sentence = (
        "A font for names in other scripts is there."
        if fine
        else "Names in other scripts have no font: install fonts-dejavu-core."
    )
    return DoctorFinding(ok=fine, name="fonts", sentence=sentence, warning=True)


def _secret(app: Flask) -> DoctorFinding:
    return DoctorFinding(
        ok=True,
        name="secret",
        sentence="Made here on the first start; it lies in the data folder."
        if (app.config["DATA_DIR"] / "secret-key").exists()
        else "Set by the configuration.",
    )
