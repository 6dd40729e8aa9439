"""The published JSON Schemas, made from the models so that the two cannot part.

`python -m declarant.filing.schemas` writes them to `schemas/`; a test fails when they are stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from declarant.filing.documents import Affirmation, Notification
from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    Receipt,
)
from declarant.filing.exchange.from_person import AnswerSet, ExtensionRequest
from declarant.filing.manifest import Manifest

FOLDER = Path(__file__).parent / "schemas"
_MODELS: dict[str, type[BaseModel]] = {
    "notification": Notification,
    "affirmation": Affirmation,
    "manifest": Manifest,
    "question_set": QuestionSet,
    "answer_set": AnswerSet,
    "correction_notice": CorrectionNotice,
    "extension_request": ExtensionRequest,
    "extension_decision": ExtensionDecision,
    "receipt": Receipt,
}


def published_schemas() -> dict[str, str]:
    """Return the text of each schema file by its name."""
    return {f"{name}.schema.json": _text(name, model) for name, model in _MODELS.items()}


def _text(name: str, model: type[BaseModel]) -> str:
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:declarant:schema:{name}:1.0",
        **model.model_json_schema(mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, text in published_schemas().items():
        (FOLDER / file_name).write_text(text, encoding="utf-8")
