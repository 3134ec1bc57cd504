"""`lms sync people`: a list from an employer's own system, from a shell on the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.group()
def sync() -> None:
    """Lists from other systems."""


@sync.command("people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", required=True, help="Key or registration number of the employer.")
@click.option("--changes", is_flag=True, help="The list has changes only; nobody else leaves.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help="Go on when more than a third would leave.")
def people(file: Path, organisation: str, changes: bool, dry_run: bool, yes: bool) -> None:
    """Bring an employer's people up to date from FILE (CSV or XLSX).

    Whoever is not in the list leaves, unless it has --changes only. Ends with 1 when a row had an
    error; the other rows are carried out all the same.
    """
    from lms.app import create_app
    from lms.contracts import SYSTEM
    from lms.core.refused import Refused
    from lms.core.users import services
    from lms.core.users.carrying import carry_out_in_pieces
    from lms.core.users.outcomes import Mode
    from lms.core.users.people_lists import from_sheet
    from lms.db import db
    from lms.files.sheet_words import SheetError
    from lms.files.sheets import MOST_BYTES, read_sheet
    from lms.web.i18n import set_language
    from lms.work import unit_of_work

    mode: Mode = "changes" if changes else "full"
    with create_app().app_context():
        set_language("en")
        where = _organisation(organisation)
        try:
            with file.open("rb") as opened:
                found = from_sheet(read_sheet(opened.read(MOST_BYTES + 1), file.name))
            planned = services.plan(found.rows, where, mode, actor=SYSTEM)
            services.refuse_unconfirmed(planned, confirmed=yes or dry_run)
        except SheetError as error:
            raise click.ClickException(error.message.en) from error
        except Refused as error:
            message = error.refusals[0].message.en
            if "confirmed.missing" in str(error):
                message = f"{planned.refusal.en if planned.refusal else message} (--yes confirms)"
            raise click.ClickException(message) from error
        db.session.rollback()
        done = []
        if not dry_run:
            done = carry_out_in_pieces(
                planned,
                actor=SYSTEM,
                progress=lambda n, total: click.echo(f"{n} of {total}", err=True),
            )
            with unit_of_work():
                services.tell_of_list(where, services.outcome(planned, done), actor=SYSTEM)
        if found.ignored:
            click.echo(f"Columns that are not used: {', '.join(found.ignored)}", err=True)
        if planned.note:
            click.echo(planned.note.en, err=True)
        if dry_run and planned.refusal:
            click.echo(planned.refusal.en, err=True)
        failed = _tell(services.outcome(planned, done))
    if failed:
        raise SystemExit(1)


@sync.command("lists")
@click.option("--organisation", required=True, help="Key or registration number of the employer.")
def lists(organisation: str) -> None:
    """Say how the latest lists fare that an employer has sent by page or API.

    Ends with 1 when the newest of them has failed for good.
    """
    from lms.app import create_app
    from lms.contracts import SYSTEM
    from lms.core.users.outcome_words import LIST_FAILED
    from lms.core.users.queries import lists_of

    with create_app().app_context():
        found = lists_of(SYSTEM, _organisation(organisation))
    for one in found:
        far = (
            f"{one.result.get('done', 0)} of {one.result['total']}" if "total" in one.result else ""
        )
        click.echo(f"{one.created_at:%Y-%m-%d %H:%M} UTC  {one.key}  {one.state:7}  {far}".rstrip())
    if not found:
        click.echo("No list has been sent.")
    if any(one.state == "failed" for one in found):
        click.echo(LIST_FAILED.en, err=True)
    if found and found[0].state == "failed":
        raise SystemExit(1)


def _tell(result: dict[str, Any]) -> bool:
    """Print counts and errors; were there any of the latter?"""
    from lms.core.users.outcomes import sentence

    for outcome, number in result["counts"].items():
        click.echo(f"{outcome:8} {number:6}")
    for item in result["errors"]:
        words = sentence(item["reason"], item["values"]).en
        which = f"row {item['row']}" if item["row"] else "not in the list"
        click.echo(f"{which}  {item['employee_number']}  {words}")
    return bool(result["errors"])


def _organisation(text: str) -> int:
    """The id of an organisation given by its key or its registration number."""
    from lms.core.organisations import queries, registration

    found = queries.facts_by_key(text)
    if found is not None:
        return found.id
    for country in ("DK", "SE"):
        try:
            number = registration.normalised(country, text)
        except ValueError:
            continue
        where = queries.id_by_registration_number(country, number) if number else None
        if where is not None:
            return where
    raise click.ClickException(
        f"No organisation has the key or number {text}. Its page has both in it."
    )
