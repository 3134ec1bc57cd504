"""Mail and notices: listens to the journal like a plugin."""
