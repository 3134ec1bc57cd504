"""Writing a step: what stands between an owner's newest step and its models, as Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, String
from sqlalchemy.types import TypeDecorator, TypeEngine


def found_differences(context: MigrationContext, metadata: MetaData) -> list[Any]:
    """Alembic's list of differences between the database and the models."""
    found: list[Any] = compare_metadata(context, metadata)
    return found


def write_step(
    context: MigrationContext, script: ScriptDirectory, metadata: MetaData, message: str
) -> Path | None:
    """Write the next step into the script's folder; None when the models say nothing new."""
    changes = produce_migrations(context, metadata)
    up, down = changes.upgrade_ops, changes.downgrade_ops
    if up is None or down is None or up.is_empty():
        return None
    _whole_tables(up)
    _whole_tables(down)
    folder = Path(script.versions)
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(script.walk_revisions())) + 1
    written = script.generate_revision(
        f"{number:04}",
        message,
        version_path=folder,
        upgrades=_code(context, up),
        downgrades=_code(context, down),
    )
    return None if written is None else Path(written.path)


def _whole_tables(changes: ops.OpContainer) -> None:
    """A new table needs no batch for its indexes, and a table that goes takes its indexes along."""
    new = {op.table_name for op in changes.ops if isinstance(op, ops.CreateTableOp)}
    going = {op.table_name for op in changes.ops if isinstance(op, ops.DropTableOp)}
    kept: list[ops.MigrateOperation] = []
    for op in changes.ops:
        if isinstance(op, ops.ModifyTableOps) and op.table_name in new:
            kept.extend(op.ops)
        elif not (isinstance(op, ops.ModifyTableOps) and op.table_name in going):
            kept.append(op)
    changes.ops = kept


def _code(context: MigrationContext, changes: Any) -> str:
    code = render_python_code(
        changes, render_as_batch=True, render_item=_plain_type, migration_context=context
    )
    lines = [line for line in code.splitlines() if not line.lstrip().startswith("# ###")]
    return "\n".join(lines).strip()


def _plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column types as SQLAlchemy's: a step must run long after our types have changed."""
    if kind != "type" or not isinstance(item, TypeEngine):
        return False
    if isinstance(item, TypeDecorator):
        item = item.impl_instance
    if isinstance(item, String) and type(item).__module__.startswith("lms"):
        return f"sa.String(length={item.length})"
    return f"sa.{item!r}"
