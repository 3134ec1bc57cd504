"""`lms users`: people, access roles, invitations, from a shell on the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import click

Answer = TypeVar("Answer")


@click.group()
def users() -> None:
    """People, access roles, invitations."""


@contextmanager
def _app() -> Iterator[None]:
    from lms.app import create_app
    from lms.web.i18n import set_language

    with create_app().app_context():
        set_language("en")
        yield


def _done(verb: Callable[[], Answer]) -> Answer:
    """Do it in one unit of work; a refusal is told in a sentence."""
    from lms.core.refused import Refused
    from lms.work import unit_of_work

    try:
        with unit_of_work():
            return verb()
    except Refused as error:
        sentences = " ".join(refusal.message.in_language("en") for refusal in error.refusals)
        raise click.ClickException(sentences) from error


def _person(email: str) -> int:
    from lms.core.users.addresses import email_key
    from lms.core.users.queries import credentials

    known = credentials(email_key(email))
    if known is None:
        raise click.ClickException(
            f"Nobody has the mail {email}. `lms users list` shows everybody."
        )
    return known.person_id


def _organisation(key: str | None) -> int | None:
    """The id of an organisation given by its key, or by a name that only one has."""
    from lms.contracts import SYSTEM
    from lms.core.organisations.queries import facts_by_key, listing

    if key is None:
        return None
    found = facts_by_key(key)
    if found is not None:
        return found.id
    items = listing(SYSTEM, search=key).items
    if len(items) != 1:
        names = "; ".join(f"{item.facts.name} ({item.facts.key})" for item in items[:10])
        raise click.ClickException(
            f"{len(items)} organisations fit {key!r}. Write the key of one. {names}".rstrip()
        )
    return items[0].facts.id


def _print_link(purpose: str, person_id: int) -> None:
    """Mint a single-use link and print its address: for the first person, and without mail."""
    from flask import current_app

    from lms.core.users import services

    lifetime, path = {
        "invitation": (services.INVITATION_LIFETIME, "welcome"),
        "reset": (services.RESET_LIFETIME, "new-password"),
    }[purpose]
    token = _done(lambda: services.mint(purpose, person_id, None, lifetime))
    hours = lifetime // timedelta(hours=1)
    click.echo(f"{current_app.config['PUBLIC_URL']}/{path}/{token}")
    click.echo(f"The link works once, for {hours} hours.", err=True)


@users.command("list")
@click.argument("search", default="")
@click.option("--page", default=1, show_default=True, help="Fifty are shown at a time.")
def list_people(search: str, page: int) -> None:
    """Show people: state, mail, name, where they work."""
    from lms.contracts import SYSTEM
    from lms.core.users.queries import people

    with _app():
        found = people(SYSTEM, search=search, page=page)
        for row in found.items:
            places = ", ".join(row.places)
            click.echo(f"{row.state:10} {row.email or '-':40} {row.name}  {places}".rstrip())
        click.echo(f"{found.total} in all; page {found.number} of {found.pages}.", err=True)


@users.command()
@click.option("--name", required=True, help="The person's name, or their function.")
@click.option("--email", required=True)
@click.option("--language", type=click.Choice(["da", "sv", "en"]), default="da", show_default=True)
@click.option("--role", help="An access role to begin with, such as site_admin.")
@click.option("--organisation", help="Key or name of the organisation where the role holds.")
@click.option("--link", is_flag=True, help="Print the link as well as mailing it.")
def invite(
    name: str, email: str, language: str, role: str | None, organisation: str | None, link: bool
) -> None:
    """Invite somebody: they get a mail with a link and choose a password."""
    from lms.contracts import SYSTEM
    from lms.core.users import services

    with _app():
        where = _organisation(organisation)

        def invited() -> int:
            values = services.PersonValues(name=name, email=email, language=language)
            person_id = services.invite(values, None, actor=SYSTEM)
            if role:
                services.grant_role(person_id, role, where, actor=SYSTEM)
            return person_id

        person_id = _done(invited)
        click.echo(f"Invited {email}.", err=True)
        if link:
            _print_link("invitation", person_id)


@users.command("add-role")
@click.argument("email")
@click.argument("role")
@click.option("--organisation", help="Key or name; without it the role holds on the whole site.")
def add_role(email: str, role: str, organisation: str | None) -> None:
    """Give an access role."""
    from lms.contracts import SYSTEM
    from lms.core.users import services

    with _app():
        person_id, where = _person(email), _organisation(organisation)
        _done(lambda: services.grant_role(person_id, role, where, actor=SYSTEM))
        click.echo(f"{email} is now {role} {'there' if where else 'on the whole site'}.")


@users.command("remove-role")
@click.argument("email")
@click.argument("role")
@click.option("--organisation", help="Key or name; without it the role on the whole site.")
def remove_role(email: str, role: str, organisation: str | None) -> None:
    """Take an access role back."""
    from lms.contracts import SYSTEM
    from lms.core.users import queries, services

    with _app():
        person_id, where = _person(email), _organisation(organisation)
        held = [
            row.id
            for row in queries.roles_of(person_id)
            if row.role == role and row.organisation_id == where
        ]
        if not held:
            raise click.ClickException(f"{email} does not hold {role} there.")
        _done(lambda: services.withdraw_role(held[0], actor=SYSTEM))
        click.echo(f"{email} is no longer {role}.")


@users.command("roles")
def show_roles() -> None:
    """Show the access roles and what each one carries."""
    from lms.host import current_host

    with _app():
        carried: dict[str, set[str]] = {}
        for owned in current_host().role_bundles():
            carried.setdefault(owned.item.role, set()).update(owned.item.permissions)
        for role, permissions in carried.items():
            click.echo(f"{role:20} {', '.join(sorted(permissions))}")


@users.command("reset-password")
@click.argument("email")
def reset_password(email: str) -> None:
    """Print a link with which the person chooses a new password."""
    from lms.core.users import queries

    with _app():
        person_id = _person(email)
        known = queries.credentials_of(person_id)
        if known is None or known.state not in ("active", "invited"):
            raise click.ClickException(f"{email} is shut out. Let them in first: lms users reopen.")
        _print_link("invitation" if known.state == "invited" else "reset", person_id)


@users.command("suspend")
@click.argument("email")
def suspend_person(email: str) -> None:
    """Shut somebody out, at once and everywhere."""
    from lms.contracts import SYSTEM
    from lms.core.users import services

    with _app():
        person_id = _person(email)
        _done(lambda: services.suspend(person_id, actor=SYSTEM))
        click.echo(f"{email} is shut out.")


@users.command("reopen")
@click.argument("email")
def reopen_person(email: str) -> None:
    """Let somebody in again."""
    from lms.contracts import SYSTEM
    from lms.core.users import services

    with _app():
        person_id = _person(email)
        _done(lambda: services.reopen(person_id, actor=SYSTEM))
        click.echo(f"{email} can sign in again.")


@users.command("api-token")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 730))
def api_token(email: str, name: str, days: int) -> None:
    """Print a bearer token that acts as the person; it is shown this once."""
    from lms.contracts import SYSTEM
    from lms.core.users import services

    with _app():
        person_id = _person(email)
        lifetime = timedelta(days=days)
        token = _done(lambda: services.mint_api_token(person_id, name, lifetime, actor=SYSTEM))
        click.echo(token)
