"""What this plugin adds to the demo of the courses plugin."""
