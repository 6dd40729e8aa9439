"""The duties of the exchange, by their ids in the law's data.

The notice of proposed rulemaking, 89 FR 73612, p. 73616: answers within 30 days, corrections within
14, answers to clarifying questions within 7, for which an extension may be requested. The numbers
stand in the law's data alone.
"""

from __future__ import annotations

ANSWER = "answer"
CORRECTION = "correction"
CLARIFICATION = "clarification"
EXTENSION = "extension"
