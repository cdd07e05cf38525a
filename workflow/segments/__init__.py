"""Sentences of a unit in the form that an engine may see, and the way back.

A placeholder, an address or a piece of markup becomes a token `⟦1⟧` … `⟦9⟧`, numbered within its
segment: packages are trained on these nine. Numbers, dates and times stay visible to the engine.

>>> unit = segmented("Call {phone}. See the page.", language="en")
>>> [segment.text for segment in unit.segments]
['Call ⟦1⟧.', 'See the page.']
>>> restore(unit.segments[0], "Llame al ⟦ 1 ⟧.").text
'Llame al {phone}.'
"""

from workflow.segments.aligned import at_edges, placed
from workflow.segments.clauses import as_clause, clauses
from workflow.segments.clean import Clean, cleaned
from workflow.segments.forms import FORMS, TokenForm
from workflow.segments.literals import Literal, literals
from workflow.segments.parts import Fixed, Piece, Protected, Segmented, translatable
from workflow.segments.protection import protect, segmented
from workflow.segments.repairing import repaired
from workflow.segments.restoring import Restored, Stretch, apart, assembled, restore
from workflow.segments.sentences import split
from workflow.segments.tokens import MAX_TOKENS, TOKEN

__all__ = [
    "FORMS",
    "MAX_TOKENS",
    "TOKEN",
    "Clean",
    "Fixed",
    "Literal",
    "Piece",
    "Protected",
    "Restored",
    "Segmented",
    "Stretch",
    "TokenForm",
    "apart",
    "as_clause",
    "assembled",
    "at_edges",
    "clauses",
    "cleaned",
    "literals",
    "placed",
    "protect",
    "repaired",
    "restore",
    "segmented",
    "split",
    "translatable",
]
