"""Pages of the catalogue."""

from lms.core.catalogue import api
from lms.core.catalogue.views import leading, pages, teams
from lms.core.catalogue.views.base import blueprint

__all__ = ["blueprints", "leading", "pages", "teams"]

blueprints = (blueprint, api.blueprint)
