"""Pages of the users room: the doors, the account, and people for those who manage them."""

from lms.core.users import api
from lms.core.users.views import account, doors, lists, people, places
from lms.core.users.views.base import blueprint

blueprints = (blueprint, api.blueprint)

__all__ = ["account", "blueprint", "blueprints", "doors", "lists", "people", "places"]
