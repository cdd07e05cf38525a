"""Trains the three small packages that show Polypress at work; nothing at run time imports this."""
