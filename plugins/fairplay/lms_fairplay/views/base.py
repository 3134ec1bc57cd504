"""What the pages of this plugin share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("fairplay", __name__, url_prefix="/fairplay")
