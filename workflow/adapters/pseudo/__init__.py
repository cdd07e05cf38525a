"""Pseudo-localisation: an engine that needs no package and translates nothing."""
