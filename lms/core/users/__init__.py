"""People: sign-in, single-use links, assignments, access roles."""
