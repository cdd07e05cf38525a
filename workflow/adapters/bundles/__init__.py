"""Bundles outside: the public folder, keys, what is pulled, and where it is kept."""
