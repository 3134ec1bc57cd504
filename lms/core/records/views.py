"""Pages of the thread."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("records", __name__)
blueprints = (blueprint,)
