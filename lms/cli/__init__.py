"""The `lms` command. Its help is a table of contents; each command is imported when it is used."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Mapping

import click

from lms import __version__

COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("lms.cli.serving:serve", "Serve the site: web workers and one worker process."),
    "worker": ("lms.cli.serving:worker", "Run the worker process alone."),
    "upgrade": ("lms.cli.database:upgrade", "Bring the database to the newest step."),
    "migrations": ("lms.cli.database:migrations", "The history of the tables."),
    "demo": ("lms.cli.demo:demo", "Load the demo of the real programme."),
    "doctor": ("lms.cli.doctor:doctor", "Ask whether everything is well."),
    "users": ("lms.cli.people:users", "People, access roles, invitations."),
    "sync": ("lms.cli.sync:sync", "Lists from an employer's own system."),
    "learning": ("lms.cli.learning:learning", "How participants stand."),
    "plugins": ("lms.cli.plugins:plugins", "The plugins, their state and their commands."),
    "bench": ("lms.cli.bench:bench", "Measure pages on this machine."),
}
"""Name -> (where it lives, one line). The line stands here so that help imports nothing."""


class Contents(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_where, line) in COMMANDS.items()])


@click.group(cls=Contents, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lms")
def cli() -> None:
    """Samspil: courses, seats, trials and certificates for welfare technology."""
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    for chatty in ("alembic", "weasyprint", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def main() -> None:
    """Run the command; a configuration that cannot work, or a database that does not answer, is
    told in one sentence."""
    from sqlalchemy.exc import OperationalError

    from lms.config import ConfigurationError

    try:
        cli()
    except ConfigurationError as error:
        raise SystemExit(f"lms: {error}") from error
    except OperationalError as error:
        raise SystemExit(f"lms: The database does not answer: {error.orig}") from error
