"""`lms plugins`: what is installed, how it fares, and the commands that plugins bring."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
from flask import Flask


class PluginCommands(click.Group):
    """The group's own commands, and one group of commands for each plugin that brings some."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *self._brought()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or self._brought().get(cmd_name)

    def _brought(self) -> dict[str, click.Group]:
        from lms.app import create_app
        from lms.host import current_host

        app = create_app()
        groups: dict[str, click.Group] = {}
        with app.app_context():
            for owned in current_host().commands():
                group = groups.setdefault(owned.plugin, click.Group(owned.plugin))
                group.add_command(owned.item)
        for group in groups.values():
            group.help = f"Commands of the plugin {group.name}."
            for command in group.commands.values():
                command.callback = _inside(app, command.callback)
        return groups


def _inside(app: Flask, callback: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """The command's own function, run in the app's context."""
    if callback is None:
        return None

    def run(*args: object, **kwargs: object) -> object:
        with app.app_context():
            return callback(*args, **kwargs)

    return run


@click.group("plugins", cls=PluginCommands)
def plugins() -> None:
    """What is installed, how it fares, and the commands that plugins bring."""


@plugins.command("list")
def show() -> None:
    """One JSON object per plugin: name, version, state, hooks, and what went wrong."""
    from lms.app import create_app
    from lms.host import current_host

    app = create_app()
    with app.app_context():
        for line in current_host().report():
            click.echo(
                json.dumps(
                    {
                        "name": line.name,
                        "version": line.version,
                        "state": line.state,
                        "hooks": list(line.hooks),
                        "error": line.error,
                    },
                    ensure_ascii=False,
                )
            )


@plugins.command("release")
@click.argument("name")
def release(name: str) -> None:
    """Take a plugin out of quarantine."""
    from lms.app import create_app
    from lms.host import current_host

    app = create_app()
    with app.app_context():
        if name not in current_host().records:
            raise click.ClickException(f"No plugin is called {name}.")
        current_host().release(name)
    click.echo(f"{name} is active again.")
