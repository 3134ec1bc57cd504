"""The front page and my page: gathers what others offer."""
