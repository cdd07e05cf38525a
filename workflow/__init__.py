"""Polypress, the core: what the system knows and does, without any task queue."""
