"""Records of every plugin, and the thread that joins them: what led to what."""
