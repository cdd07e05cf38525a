"""Checks of one translation as values: an error must not be published, a warning is looked at.

Pure. `hard_findings` is what any text must pass that is offered; an engine's answer to a segment
must pass `answer_findings`. `findings` is what a person may be told about any translation. Each
rule has its file.

>>> found = findings(Subject("Open at 10", "Abierto a las 9.", "en", "es"))
>>> [(one.check, str(one.severity)) for one in found]
[('number', 'error'), ('end-punctuation', 'warning')]
"""

from workflow.checks.answers import answer_findings
from workflow.checks.hard import hard_findings
from workflow.checks.rules import CHECKS, findings
from workflow.checks.subject import Subject

__all__ = ["CHECKS", "Subject", "answer_findings", "findings", "hard_findings"]
