"""JSON documents, forms alone, evidence: each thing wrong is named with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declarant.filing.canonical import canonical, content_id
from declarant.filing.documents import Affirmation, Notification
from declarant.filing.keys import File, SignerInMemory
from declarant.filing.pdf import render
from declarant.filing.verification import Expectations, Kind, Verification, verify
from declarant.problems import BadInput, Finding, Severity

Fields = dict[str, Callable[[], dict[str, Any]]]


def checked(data: bytes, **expected: Any) -> Verification:
    return verify(File("n.json", data), Expectations(**expected))


def errors(data: bytes, **expected: Any) -> list[Finding]:
    return [f for f in checked(data, **expected).findings if f.severity is Severity.ERROR]


def test_documents_as_written_are_valid(
    notification: Notification, affirmation: Affirmation
) -> None:
    for document in (notification, affirmation):
        result = checked(document.as_bytes())
        assert (result.kind, result.valid, result.signed) == (Kind.DOCUMENT, True, False)
        assert {f.code for f in result.findings} == {"signature.absent", "statement.not_ticked"}


def test_an_edited_document_betrays_itself(notification: Notification) -> None:
    edited = notification.as_bytes().replace(b"Dana R. Whitfield", b"Dino R. Whitfield")
    (found,) = errors(edited)
    assert (found.code, found.where.field) == ("document.id", "$.id")
    assert "changed after it was made" in found.what


def test_pretty_printed_it_says_the_same(notification: Notification) -> None:
    pretty = json.dumps(notification.content(), indent=2).encode()
    result = checked(pretty)
    assert result.valid
    assert "document.form" in [f.code for f in result.findings]


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        (("quarter",), "2026Q5", "schema.value", "$.quarter"),
        (("due",), "15 January 2027", "schema.value", "$.due"),
        (("prepared_on",), 20270108, "schema.value", "$.prepared_on"),
        (("person", "name"), "", "schema.value", "$.person.name"),
        (("person", "shoe_size"), 43, "schema.unknown_key", "$.person.shoe_size"),
        (("person", "kind"), None, "schema.value", "$.person.kind"),
        (("person", "kind"), ..., "schema.missing_key", "$.person.kind"),
        (("kind",), "confession", "schema.kind", "$"),
        (("activities",), [], "schema.value", "$.activities"),
        (("activities", 0, "amount", "low"), 5, "schema.value", "$.activities[0].amount.low"),
        (("activities", 0, "amount", "low"), "1e26", "schema.value", "$.activities[0].amount.low"),
        (("activities", 1, "groups", 0, "site"), ..., "schema.missing_key",
         "$.activities[1].groups[0].site"),
        (("activities", 0, "segments", 1, "method"), "guess", "schema.value",
         "$.activities[0].segments[1].method"),
        (("activities", 0, "kind"), "picnic", "schema.kind", "$.activities[0]"),
        (("statements", 0, "ticked"), "yes", "schema.value", "$.statements[0].ticked"),
        (("regime", "in_force"), 0, "schema.value", "$.regime.in_force"),
    ],
)  # fmt: skip
def test_each_schema_error_has_its_json_path(
    notification: Notification, path: tuple[Any, ...], value: object, code: str, field: str
) -> None:
    content = json.loads(notification.as_bytes())
    held = content
    for step in path[:-1]:
        held = held[step]
    if value is ...:
        del held[path[-1]]
    else:
        held[path[-1]] = value
    found = errors(json.dumps(content).encode())
    assert [(f.code, f.where.field) for f in found] == [(code, field)]
    assert found[0].mend


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"{", "json.syntax", "column 2"),
        (b'{"a": 1,}', "json.syntax", "column"),
        (b'{"a": 1, "a": 2}', "json.syntax", "the key 'a' stands twice"),
        (b'{"a": NaN}', "json.syntax", "NaN is no number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "json.syntax", "cannot be read"),
        (b'{"a":' * 100_000, "json.syntax", "nested too deep"),
        (b'{"a": "\xff"}', "json.not_utf8", "byte 7 is 0xff"),
        (b"\xef\xbb\xbf{}", "json.syntax", "BOM"),
        (b'{"kind": "notification"}', "schema.missing_key", "is missing"),
        (b'{"kind": 5}', "schema.kind", "kind"),
        (b"{}", "schema.kind", "kind"),
    ],
)
def test_what_is_no_document_is_named(data: bytes, code: str, words: str) -> None:
    found = errors(data)
    assert found[0].code == code
    assert words in found[0].what


def test_a_truncated_document(notification: Notification) -> None:
    data = notification.as_bytes()
    (found,) = errors(data[: len(data) // 2])
    assert found.code == "json.syntax"
    assert found.where.line == 1


def test_a_lone_surrogate_has_no_place_in_a_document(notification: Notification) -> None:
    for part in (b"Dana", b"LEI", b"extent", b"Ohio", b'"kind"'):
        data = notification.as_bytes().replace(part, part[:1] + b"\\ud800" + part[1:], 1)
        if data != notification.as_bytes():
            (found,) = errors(data)
            assert found.code == "json.syntax"
            assert r"'\ud800' is half a character" in found.what
    whole = notification.as_bytes().replace(b"Dana", b"Dana \\ud83d\\ude00", 1)
    assert [f.code for f in errors(whole)] == ["document.id"]


def test_nobody_signed_a_document_or_a_form(
    notification: Notification, trial: SignerInMemory
) -> None:
    document = File("n.json", notification.as_bytes())
    form = File("n.pdf", render(notification).pdf)
    for file in (document, form):
        result = verify(file, Expectations(document=document))
        (found,) = [f for f in result.findings if f.code == "signature.absent"]
        assert (result.valid, found.severity) == (True, Severity.WARNING)
        assert str(found.where) == f"{file.name} (signature)"
        for asked in (
            {"certificates": (trial.certificate,)},
            {"authorities": (trial.certificate,)},
        ):
            refused = verify(file, Expectations(document=document, allow_draft=True, **asked))
            assert [f.code for f in refused.findings if f.severity is Severity.ERROR] == [
                "signature.absent"
            ]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_changed_value_is_found(notification: Notification, data: st.DataObject) -> None:
    """Of a document without a signature: the id tells."""
    content = json.loads(notification.as_bytes())
    held: Any = content
    while True:
        keys = list(held) if isinstance(held, dict) else list(range(len(held)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(held[key], dict | list) or not held[key]:
            break
        held = held[key]
    other = data.draw(
        (st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5)).filter(
            lambda value: value != held[key] or type(value) is not type(held[key])
        )
    )
    held[key] = other
    result = checked(json.dumps(content).encode())
    assert not result.valid


def test_a_form_alone_proves_nothing(notification: Notification) -> None:
    pdf = File("n.pdf", render(notification).pdf)
    result = verify(pdf, Expectations())
    assert (result.kind, result.valid) == (Kind.FORM, False)
    assert notification.sha256 in result.findings[0].what


def test_a_form_beside_its_document(
    notification: Notification, make_notification: Callable[..., Any]
) -> None:
    pdf = File("n.pdf", render(notification).pdf)
    beside = File("n.json", notification.as_bytes())
    assert verify(pdf, Expectations(document=beside)).valid
    other = File("n.json", make_notification(notices=("Else.",)).as_bytes())
    found = [f.code for f in verify(pdf, Expectations(document=other)).findings]
    assert "form.other_document" in found
    cut = File("n.pdf", pdf.data[:-9])
    result = verify(cut, Expectations(document=beside))
    assert [f.code for f in result.findings if f.severity is Severity.ERROR] == ["form.changed"]


@pytest.mark.parametrize("ignored", [True, False])
def test_a_form_of_another_version_is_told_apart_from_a_changed_one(
    make_notification: Callable[..., Any], fields: Fields, ignored: bool
) -> None:
    """Whoever gives the form itself asks about the form: ignoring it would answer nothing."""
    product = fields["common"]()["product"] | {"version": "0.0.9"}
    document = make_notification(product=product)
    pdf = File("n.pdf", render(document).pdf + b"\n")
    beside = File("n.json", document.as_bytes())
    result = verify(pdf, Expectations(document=beside, ignore_form=ignored))
    (found,) = [f for f in result.findings if f.severity is Severity.ERROR]
    assert found.code == "form.not_compared"
    assert "--ignore-form" in found.mend


def test_a_form_that_comes_out_the_same_is_compared_whatever_version_wrote_it(
    make_notification: Callable[..., Any], fields: Fields
) -> None:
    document = make_notification(product=fields["common"]()["product"] | {"version": "0.0.9"})
    beside = File("n.json", document.as_bytes())
    assert verify(File("n.pdf", render(document).pdf), Expectations(document=beside)).valid


@pytest.fixture
def with_evidence(
    make_notification: Callable[..., Any], fields: Fields, tmp_path: Path
) -> Callable[..., Notification]:
    def make(path: str, content: bytes) -> Notification:
        import hashlib

        named = {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        run = fields["run"]() | {"evidence": (named,)}
        run["segments"] = tuple(s | {"evidence": (path,)} for s in run["segments"])
        return make_notification(activities=(run,))

    return make


def test_evidence_is_compared(with_evidence: Callable[..., Notification], tmp_path: Path) -> None:
    document = with_evidence("logs/a.txt", b"content").as_bytes()
    (missing,) = errors(document, evidence=tmp_path)
    assert (missing.code, missing.where.file) == ("evidence.missing", "logs/a.txt")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.txt").write_bytes(b"content")
    assert checked(document, evidence=tmp_path).valid
    (tmp_path / "logs" / "a.txt").write_bytes(b"Content")
    (changed,) = errors(document, evidence=tmp_path)
    assert changed.code == "evidence.changed"
    assert "7 bytes" in changed.what


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../b", "..\\x"])
def test_evidence_outside_its_folder_is_not_opened(
    with_evidence: Callable[..., Notification], tmp_path: Path, path: str
) -> None:
    (found,) = errors(with_evidence(path, b"x").as_bytes(), evidence=tmp_path)
    assert found.code == "evidence.path"


def test_a_renumbered_edit_is_not_found_without_a_signature(notification: Notification) -> None:
    """The limit of an unsigned document, stated: an id can be worked out anew by anybody."""
    content = json.loads(notification.as_bytes())
    content["person"]["name"] = "Somebody Else"
    content["id"] = content_id(content)
    assert checked(canonical(content)).valid


def test_nothing_is_read_from_an_empty_document() -> None:
    with pytest.raises(BadInput, match="the file is empty"):
        checked(b"")
