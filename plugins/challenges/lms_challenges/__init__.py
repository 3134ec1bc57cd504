"""From a problem somebody noticed to a challenge worth a course."""
