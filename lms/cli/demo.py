"""`lms demo`: a site to look at, loaded through the same verbs that people use."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.group("demo")
def demo() -> None:
    """The demo: a programme, courses, people and a published trial."""


@demo.command("load")
def load() -> None:
    """Load the demo; loading it again changes nothing."""
    from lms.app import create_app
    from lms.db import db
    from lms.host import current_host
    from lms.jobs import drain

    app = create_app()
    with app.app_context():
        write_now_and_then(db.engine)
        steps = current_host().demo_steps()
        for name in sorted(steps):
            started = time.monotonic()
            steps[name].item()
            click.echo(f"{name}: {time.monotonic() - started:.1f} s")
        with click.progressbar(length=1, label="mails and certificates") as bar:
            drain(limit=100_000)
            bar.update(1)
        _print_accounts(app.config["DATA_DIR"] / "demo-accounts.json", app.config["PUBLIC_URL"])


def write_now_and_then(engine: Engine) -> None:
    """Let SQLite wait for the disk now and then, and not at each of some four thousand commits:
    the file stays whole, and what a power cut takes is there again after another load."""
    from sqlalchemy import event

    if engine.dialect.name == "sqlite":
        event.listen(
            engine, "connect", lambda opened, _record: opened.execute("PRAGMA synchronous=NORMAL")
        )
        engine.dispose()  # a connection that is open already has not heard of it


def _print_accounts(path: Path, address: str) -> None:
    if not path.exists():
        return
    click.echo(f"\nSign in at {address}/sign-in with one of these accounts:")
    for account in json.loads(path.read_text()):
        click.echo(
            f"  {account['role']:<18} {account['email']:<44} {account['password']}"
            f"   {account['organisation']}"
        )
    click.echo(f"They also stand in {path}.\n")
