"""Questions of this plugin, each a small number of queries whatever there is."""

from lms_technology_trials.queries.practice import practice_of, technology_of
from lms_technology_trials.queries.publications import published_cards, published_collaboration

__all__ = ["practice_of", "published_cards", "published_collaboration", "technology_of"]
