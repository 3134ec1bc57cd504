"""The rooms of the core, low to high: settings, organisations, users, catalogue, enrolment,
learning, messages, home. A room may know the ones below it, never the ones above."""
