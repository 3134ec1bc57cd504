"""Pages of the users room: the doors, the account, and people for those who manage them."""

from lms.core.users.views import account, doors, people, places
from lms.core.users.views.base import blueprint

blueprints = (blueprint,)

__all__ = ["account", "blueprint", "blueprints", "doors", "people", "places"]
