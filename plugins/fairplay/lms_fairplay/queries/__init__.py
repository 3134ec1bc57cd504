"""Questions of the fair play plugin."""
