"""The demo's activities: what its courses are built of, and what people do with them."""
