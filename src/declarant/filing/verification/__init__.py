"""Verification: what is wrong with a message, a document or a form, and exactly where.

`verify` raises `BadInput` only for a file that is none of the three; everything else it finds it
says, and goes on looking.
"""

from declarant.filing.verification.report import Expectations, Identity, Kind, Verification
from declarant.filing.verification.verifying import verify

__all__ = ["Expectations", "Identity", "Kind", "Verification", "verify"]
