"""Course types for competence building in welfare technology."""
