"""Pages of the fair play plugin, one module for each side of the work."""

from lms_fairplay.views import aid, companies, ending, mine, packs, tenders
from lms_fairplay.views.base import blueprint

__all__ = ["aid", "blueprint", "companies", "ending", "mine", "packs", "tenders"]
