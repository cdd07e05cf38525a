"""The commands that need no queue."""

from workflow.cli.app import app, run

__all__ = ["app", "run"]
