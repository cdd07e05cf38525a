"""Changes of a source text: what kind they are, and what of its translation still stands.

>>> verdict("Open until 5 pm.", "Open until 6 pm.", language="en")
Verdict(kind=<Kind.RECALL: 'recall'>, reasons=('number: 5 -> 6',))
>>> verdict("It's open.", "It’s  open.", language="en").kind
<Kind.STYLE: 'style'>
>>> pairs(["Bring a towel.", "The pool is closed."], ["The pool is closed today."])
[(1, 0)]
"""

from __future__ import annotations

from workflow.changes.matching import pairs
from workflow.changes.sentences import kept, nothing_known, sentence_pairs
from workflow.changes.verdicts import Kind, Verdict, verdict

__all__ = ["Kind", "Verdict", "kept", "nothing_known", "pairs", "sentence_pairs", "verdict"]
