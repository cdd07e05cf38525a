"""The form of a token: `⟦` number `⟧`; engines may put blanks inside."""

from __future__ import annotations

import re

MAX_TOKENS = 9
OPENING = "⟦"
TOKEN = re.compile(r"⟦\s*(\d{1,3})\s*⟧")
