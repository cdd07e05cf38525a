"""Markdown with YAML front matter: read to a tree, cut into units, rebuilt in place."""

from workflow.adapters.markdown.format import MarkdownFormat

__all__ = ["MarkdownFormat"]
