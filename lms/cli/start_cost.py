"""What a start costs, beside the least it could: an empty app of the same size.

The figures are CPU seconds of a fresh Python. The empty app has as many tables, columns, frozen
shapes, their fields and routes as the site has, and none of its code.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass

RUNS = 5
LIBRARIES = "import flask, sqlalchemy.orm, pluggy"
WHOLE = "import lms.app; lms.app.create_app()"
NEEDED = (
    "argon2",
    "babel.dates",
    "babel.support",
    "pluggy",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "wtforms",
)
"""What every process of a site needs beside Flask and SQLAlchemy."""

TIMED = "import time; {code}; print(time.process_time())"
SIZE = "from lms.cli import start_cost; start_cost.tell_size()"
EMPTY = "from lms.cli import start_cost; start_cost.build_empty_app({size!r})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much of what a site has."""

    tables: int
    columns: int
    shapes: int
    fields: int
    routes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StartFigures:
    """CPU seconds: the three libraries everything stands on, an empty app of the site's size on
    all that it needs, and the site."""

    libraries: float
    empty: float
    app: float

    @property
    def ratio(self) -> float:
        """How many times the libraries alone."""
        return self.app / self.libraries

    @property
    def over_empty(self) -> float:
        """How many times the empty app."""
        return self.app / self.empty


def start_cost(runs: int = RUNS) -> StartFigures:
    """What a start costs: the least of several runs, for anything else on the machine only adds."""
    with tempfile.TemporaryDirectory(prefix="samspil-bench-") as folder:
        environment = {"LMS_DATA_DIR": folder, "LMS_SECRET_KEY": "for measuring only " * 3}
        # This run also writes the compiled files.
        size = json.loads(_answer(SIZE, environment))
        codes = (LIBRARIES, EMPTY.format(size=size), WHOLE)
        taken = [
            [float(_answer(TIMED.format(code=code), environment)) for code in codes]
            for _ in range(runs)
        ]
    libraries, empty, app = (min(times) for times in zip(*taken, strict=True))
    return StartFigures(libraries=libraries, empty=empty, app=app)


def _answer(code: str, environment: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    ).stdout


def tell_size() -> None:
    """Print the size of the site that the configuration describes, as JSON."""
    from dataclasses import fields, is_dataclass

    from lms.app import create_app
    from lms.db import Base

    app = create_app()
    names = [name for name in sys.modules if name.partition("_")[0].partition(".")[0] == "lms"]
    found = {v for name in names for v in vars(sys.modules[name]).values() if isinstance(v, type)}
    tables = {
        id(mapper.local_table): mapper.local_table
        for v in found
        if (mapper := getattr(v, "__mapper__", None)) is not None
    } | {id(t): t for t in Base.metadata.tables.values()}
    shapes = [v for v in found if is_dataclass(v) and v.__module__.partition(".")[0] in names]
    size = Size(
        tables=len(tables),
        columns=sum(len(table.columns) for table in tables.values()),
        shapes=len(shapes),
        fields=sum(len(fields(shape)) for shape in shapes),
        routes=len(list(app.url_map.iter_rules())),
    )
    sys.stdout.write(json.dumps(asdict(size)))


def build_empty_app(size: dict[str, int]) -> None:
    """An app of that size (see `Size`) in this process: tables, shapes and routes without code."""
    import flask
    import flask_sqlalchemy
    from sqlalchemy import ForeignKey, Integer, String
    from sqlalchemy.orm import DeclarativeBase, configure_mappers, mapped_column

    for name in NEEDED:
        importlib.import_module(name)

    class Empty(DeclarativeBase):
        pass

    for number in range(size["tables"]):
        columns = size["columns"] // size["tables"] - 2
        values = {f"c{n}": mapped_column(String(40)) for n in range(columns)}
        values["id"] = mapped_column(primary_key=True, type_=Integer)
        values["up"] = mapped_column(ForeignKey(f"t{max(number - 1, 0)}.id"), index=True)
        type(f"T{number}", (Empty,), {"__tablename__": f"t{number}", **values})
    configure_mappers()
    for number in range(size["shapes"]):
        names = {f"f{n}": int for n in range(size["fields"] // size["shapes"])}
        shape = type(f"S{number}", (), {"__annotations__": names})
        dataclass(frozen=True, kw_only=True, slots=True)(shape)
    app = flask.Flask("empty")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    flask_sqlalchemy.SQLAlchemy(model_class=Empty).init_app(app)
    for number in range(size["routes"]):
        app.add_url_rule(f"/r{number}/<key>", f"r{number}", str)
