"""The one door to SQLite: what Polypress remembers in `var/polypress.db`, which is not in git."""
