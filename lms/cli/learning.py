"""`lms learning`: how each one stands, from a shell on the server."""

from __future__ import annotations

import click


@click.group()
def learning() -> None:
    """How participants stand."""


@learning.command("recompute")
@click.argument("run")
def recompute(run: str) -> None:
    """Judge everybody in RUN (its key, as in the address of its page) anew, now.

    The site does that by itself when facts change. Nobody's verdict changes without a fact; what
    is decided stays decided. Ends with 1 when there is no such run.
    """
    from lms.app import create_app
    from lms.contracts import SYSTEM
    from lms.core.catalogue.queries import run_by_key
    from lms.core.learning.following import judge_run_anew
    from lms.web.i18n import set_language

    with create_app().app_context():
        set_language("en")
        found = run_by_key(run, SYSTEM)
        if found is None:
            raise click.ClickException(
                f"No run has the key {run}. It stands last in the address of the run's page."
            )
        done, changed = judge_run_anew(
            found.id, lambda n, total: click.echo(f"{n} of {total}", err=True)
        )
    click.echo(f"judged   {done:6}")
    click.echo(f"changed  {changed:6}")
