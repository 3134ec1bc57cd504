"""Settings of plugins: one checked JSON row per plugin and scope."""
