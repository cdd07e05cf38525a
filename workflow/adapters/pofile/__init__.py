"""Catalogs as gettext PO files: read with distrust, written as a splice, switched in one step."""
