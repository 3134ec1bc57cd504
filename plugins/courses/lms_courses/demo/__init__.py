"""The demo: a made-up world, its courses around today, and what has happened in them."""
