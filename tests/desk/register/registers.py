"""A small register, and where the examples are."""

from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
PERSON: dict[str, Any] = {
    "name": "Example, Inc.",
    "kind": "legal",
    "covered": {"us-bis-702-7": {"answer": "yes", "grounds": ["organized_in_us"], "why": "Here."}},
}
RUN: dict[str, Any] = {
    "id": "r-1",
    "name": "Run one",
    "model": "m-1",
    "status": "planned",
    "parts": [
        {
            "id": "all",
            "stage": "pre-training",
            "purpose": "pre_training",
            "share": "planned",
            "counts": [{"method": "stated", "model_operations": "1.5e26", "convention": "a guess"}],
        }
    ],
}
