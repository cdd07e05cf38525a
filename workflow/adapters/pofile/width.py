"""At how many columns a file folds its strings, so that what we change looks like what is there.

Only lines with a space inside tell anything: a longer word or address is never folded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from workflow.adapters.pofile.block import Block

USUAL = 78
"""Columns at which strings are folded where a file does not tell."""
UNFOLDED = 0
"""What stands for a file that folds a string after line breaks only, as with `--no-wrap`."""
_NARROWEST = 40
_ENOUGH = 5  # folded lines from which the longest one is likely to be as long as may be
_BLOCKS = 2_000


def width_of(blocks: Sequence[Block]) -> int:
    """The columns of the longest folded line, or UNFOLDED; USUAL if the first 2,000 do not tell."""
    sizes = [size for block in blocks[:_BLOCKS] for size in _sizes(block.strings)]
    folded = [size for size, goes_on in sizes if goes_on]
    widest = max(folded, default=0)
    beyond = [size for size, goes_on in sizes if not goes_on and size > max(widest, USUAL + 2)]
    if len(beyond) > len(folded):
        return UNFOLDED
    return widest if len(folded) >= _ENOUGH and widest >= _NARROWEST else USUAL


def _sizes(strings: str) -> Iterator[tuple[int, bool]]:
    """The columns of each line that could be folded, and whether it goes on in the next line."""
    for line, following in pairwise(strings.split("\n")):
        if " " in line.partition('"')[2].strip('" '):
            yield len(line), following.startswith('"') and not line.endswith('\\n"')
