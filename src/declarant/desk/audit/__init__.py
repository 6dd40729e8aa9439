"""The audit log of a desk: every change is written to it in the same transaction, or not made.

`change` is what the rest of the desk uses; `declarant.audit_log` holds the format and the proofs.
"""

from declarant.desk.audit.change import Change, change, record

__all__ = ["Change", "change", "record"]
