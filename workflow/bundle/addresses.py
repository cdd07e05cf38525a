"""Where an item can be read: on its site, or among the pages that were pulled."""

from __future__ import annotations


def address(site: str, locale: str, collection: str, item: str) -> str:
    """The item's address in a locale by the site's template.

    Without a template it leads from the collection's feed to where pulled pages lie. Ids and tags
    hold no character that an address could not.
    """
    if not site:
        return f"../../{locale}/{collection}/items/{item}.html"
    filled = site.replace("{locale}", locale).replace("{collection}", collection)
    return filled.replace("{item}", item)
