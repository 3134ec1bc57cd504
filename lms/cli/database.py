"""`lms upgrade` and `lms migrations`: the tables and their history."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
from flask import Flask

from lms import migrate
from lms.migrations.engine import MigrationError


def _app() -> Flask:
    from lms.app import create_app

    return create_app()


@click.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest step, the core first and then every plugin."""
    try:
        outcomes = migrate.upgrade(_app())
    except MigrationError as error:
        raise click.ClickException(str(error)) from error
    for outcome in outcomes:
        if outcome.error:
            click.echo(
                f"{outcome.owner}: stopped at {outcome.after or 'the beginning'} and put in "
                f"quarantine; the others go on. {outcome.error}",
                err=True,
            )
        elif outcome.steps:
            click.echo(f"{outcome.owner}: {', '.join(outcome.steps)}")
        else:
            click.echo(f"{outcome.owner}: already at {outcome.after or 'the beginning'}")


@click.group("migrations")
def migrations() -> None:
    """The history of the tables: how far it has come, the next step, the way back."""


@migrations.command("status")
def status() -> None:
    """How far everybody's tables have come; exit code 1 when steps are waiting."""
    waiting = False
    for one in migrate.status(_app()):
        waiting = waiting or bool(one.pending)
        rest = f"waiting: {', '.join(one.pending)}" if one.pending else "up to date"
        click.echo(f"{one.owner}: at {one.current or 'the beginning'}, {rest}")
    sys.exit(1 if waiting else 0)


@migrations.command("revision")
@click.argument("owner")
@click.option("-m", "--message", required=True, help="What the step does, in a few words.")
@click.option(
    "--anew",
    is_flag=True,
    help="Throw the owner's steps away and write the first one again (before the first release).",
)
def revision(owner: str, message: str, anew: bool) -> None:
    """Write OWNER's next step from its models ("core", or a plugin's name)."""
    try:
        path = migrate.revision(_app(), owner, message, anew=anew)
    except MigrationError as error:
        raise click.ClickException(str(error)) from error
    if path is None:
        click.echo(f"{owner}: the models say nothing new.")
        return
    _tidy(path)
    click.echo(f"Wrote {path}. Read it: a renamed column looks like one gone and one new.")


def _tidy(path: Path) -> None:
    """The step as the house's formatter writes it, where that is installed."""
    if ruff := shutil.which("ruff", path=f"{Path(sys.executable).parent}"):
        subprocess.run([ruff, "check", "--quiet", "--fix", str(path)], check=False)
        subprocess.run([ruff, "format", "--quiet", str(path)], check=False)


@migrations.command("downgrade")
@click.argument("owner")
@click.argument("target")
@click.confirmation_option(prompt="Tables and what is in them may go. Really?")
def downgrade(owner: str, target: str) -> None:
    """Take OWNER's tables back to step TARGET, to "-1" or to "base" (no tables)."""
    try:
        outcome = migrate.downgrade(_app(), owner, target)
    except MigrationError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{outcome.owner}: from {outcome.before} to {outcome.after or 'the beginning'}")
