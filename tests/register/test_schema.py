import json
from pathlib import Path

from jsonschema import Draft202012Validator

from declarant.register.schema import RegisterFile
from declarant.yaml_source import read_yaml

ROOT = Path(__file__).resolve().parents[2]


def test_the_published_schema_is_a_schema_and_the_examples_fit_it() -> None:
    schema = RegisterFile.model_json_schema(by_alias=True)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    registers = sorted((ROOT / "examples").glob("*/register.yaml"))
    assert len(registers) >= 2
    for register in registers:
        assert list(validator.iter_errors(read_yaml(register).data)) == []


def test_the_schema_is_published() -> None:
    published = json.loads((ROOT / "docs/reference/register.schema.json").read_text())
    published.pop("$schema")
    assert published == RegisterFile.model_json_schema(by_alias=True)
