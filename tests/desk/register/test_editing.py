"""The editors: forms without scripts, errors at their field, two people at once, YAML."""

from typing import Any

import pytest
from django.http import QueryDict
from tests.desk.register.pages import buttons_of, form_of, send
from tests.desk.register.registers import RUN

from declarant.desk.filer.register.models import Record
from declarant.desk.filer.register.recording import save_record

pytestmark = pytest.mark.django_db
EDIT = "/register/runs/r-1/edit/"


def errors_at(response: Any, name: str) -> str:
    """The error that stands at a control; empty when there is none."""
    page = response.content.decode()
    _, found, rest = page.partition(f'id="id_{name}_error"')
    return rest.partition("</div></div>")[0] if found else ""


@pytest.mark.parametrize("name", ["cedar-ridge", "juniper", "halcyon"])
def test_every_record_of_an_example_goes_through_its_form_unchanged(
    example: Any, client_of: Any, name: str
) -> None:
    example(name)
    client = client_of("engineer")
    for row in Record.objects.all():
        url = f"{row.get_absolute_url()}edit/"
        answer = send(client, url, form_of(client.get(url)))
        assert answer.status_code == 302, (row, answer.content.decode()[-3000:])
        after = Record.objects.get(pk=row.pk)
        assert (after.number, after.content) == (1, row.content)


def test_an_edit_is_saved_with_its_reason(small: Any, client_of: Any, record: Any) -> None:
    client = client_of("engineer")
    data = form_of(client.get(EDIT))
    data["parts.0.tokens"], data["why"] = "15.6e12", "from the plan"
    assert send(client, EDIT, data).status_code == 302
    row = record("run", "r-1")
    assert row.content["parts"][0]["tokens"] == "15.6e12"
    assert row.versions.first().why == "from the plan"


@pytest.mark.parametrize(
    ("changed", "at", "said"),
    [
        ({"name": ""}, "name", "missing"),
        ({"status": "sleeping"}, "status", "Choose one of these."),
        ({"start": "2026-99-99"}, "start", "such as 2026-12-15"),
        ({"number_format": "fp3"}, "number_format", "known:"),
        ({"configuration": "evidence/none.json"}, "configuration", "Upload it"),
        ({"parts.0.id": "Über"}, "parts.0.id", "small letters"),
        ({"parts.0.tokens": "many"}, "parts.0.tokens", "such as 15.6e12"),
        ({"parts.0.counts.0.convention": ""}, "parts.0.counts.0.convention", "missing"),
        ({"parts.0.counts.0.uncertainty": "2"}, "parts.0.counts.0.uncertainty", "at most at 1"),
        ({"compute_cost.amount": "-1"}, "compute_cost.amount", "0 or more"),
        (
            {"compute_cost.amount": "x", "compute_cost.currency": "USD"},
            "compute_cost.amount",
            "whole number",
        ),
        (
            {"compute_cost.amount": "5", "compute_cost.currency": "dollars"},
            "compute_cost.currency",
            "capital letters",
        ),
        ({"plan.tokens_per_day": "0"}, "plan.tokens_per_day", "above 0"),
    ],
)
def test_an_error_stands_at_its_field_and_what_was_typed_stays(
    small: Any, client_of: Any, record: Any, changed: dict[str, str], at: str, said: str
) -> None:
    client = client_of("engineer")
    data = form_of(client.get(EDIT))
    for name, value in changed.items():
        data[name] = value
    answer = send(client, EDIT, data)
    assert answer.status_code == 422
    assert said.lower() in errors_at(answer, at).lower(), answer.content.decode()
    sent_back = form_of(answer)
    assert all(
        sent_back[name] == value
        for name, value in changed.items()
        if name not in ("status", "number_format")
    )
    assert record("run", "r-1").number == 1


@pytest.mark.parametrize(
    ("kind", "typed", "at"),
    [
        ("contacts", {"role": "counsel", "email": "nowhere"}, ["name", "email"]),
        ("agency", {"name": "BIS"}, ["email"]),
        ("models", {"name": "x", "id": "A"}, ["id"]),
        ("clusters", {"id": "c", "name": "C"}, []),
        ("filings", {"quarter": "2026-4", "kind": "notification"}, ["quarter", "sent"]),
        ("received", {"duty": "answer", "on": "2026-11-24"}, ["regime", "reference"]),
    ],
)
def test_each_kind_says_what_is_missing(
    small: Any, client_of: Any, kind: str, typed: dict[str, str], at: list[str]
) -> None:
    client, url = client_of("engineer"), f"/register/add/{kind}/"
    data = form_of(client.get(url))
    data.update(typed)
    answer = send(client, url, data)
    assert answer.status_code == 422
    assert all(errors_at(answer, name) for name in at), answer.content.decode()
    assert "This cannot be saved yet" in answer.content.decode()


def test_parts_are_added_and_removed_without_scripts(
    small: Any, client_of: Any, record: Any
) -> None:
    client = client_of("engineer")
    page = client.get(EDIT)
    assert "add parts" in buttons_of(page)
    data = form_of(page)
    data["do"] = "add parts"
    data = form_of(send(client, EDIT, data))
    assert data.getlist("parts.rows") == ["0", "1"]
    for name, value in {"id": "b", "stage": "s", "purpose": "evaluation", "share": "done"}.items():
        data[f"parts.1.{name}"] = value
    data["do"], data["parts.1.counts.new"] = "add parts.1.counts", "short_form"
    data = form_of(send(client, EDIT, data))
    assert data["parts.1.counts.0.is"] == "short_form"
    data["do"] = "remove parts 0"
    data = form_of(send(client, EDIT, data))
    assert record("run", "r-1").number == 1
    assert send(client, EDIT, data).status_code == 302
    assert [part["id"] for part in record("run", "r-1").content["parts"]] == ["b"]


def test_a_way_of_counting_stands_once(small: Any, client_of: Any) -> None:
    client = client_of("engineer")
    data = form_of(client.get(EDIT))
    data["do"], data["parts.0.counts.new"] = "add parts.0.counts", "stated"
    assert form_of(send(client, EDIT, data)).getlist("parts.0.counts.rows") == ["0"]


def test_one_more_file_gets_a_control_and_blank_ones_are_left_out(
    example: Any, client_of: Any, record: Any
) -> None:
    example("cedar-ridge")
    client, url = client_of("engineer"), "/register/clusters/phoenix/edit/"
    data = form_of(client.get(url))
    data["do"] = "more groups.0.inventory"
    data = form_of(send(client, url, data))
    assert data.getlist("groups.0.inventory") == ["evidence/phoenix/machines.csv", ""]
    data.setlist("groups.0.inventory", ["", "evidence/phoenix/lab-scontrol.txt"])
    assert send(client, url, data).status_code == 302
    held = record("cluster", "phoenix").content["groups"][0]["inventory"]
    assert held == ["evidence/phoenix/lab-scontrol.txt"]


def test_identifiers_need_a_word_each(small: Any, client_of: Any, record: Any) -> None:
    client, url = client_of("engineer"), "/register/person/person/edit/"
    data = form_of(client.get(url))
    for row, (name, value) in enumerate((("state", "Delaware"), ("", "773"), ("state", "Oregon"))):
        data.appendlist("identifiers.rows", str(row))
        data[f"identifiers.{row}.name"], data[f"identifiers.{row}.value"] = name, value
    answer = send(client, url, data)
    assert errors_at(answer, "identifiers.1.name")
    assert errors_at(answer, "identifiers.2.name")
    assert record("person", "person").number == 1


def test_hostile_rows_and_buttons_do_nothing(small: Any, client_of: Any) -> None:
    client = client_of("engineer")
    for do in ("remove parts 99", "add nothing", "add covered", "more ../x", "", "x" * 5000):
        data = form_of(client.get(EDIT))
        data["do"] = do
        data.setlist("parts.rows", ["0", "0", "x", "-1", "99999999999"])
        assert send(client, EDIT, data).status_code == 200
    data = QueryDict(mutable=True)
    data.setlist("parts.rows", [str(n) for n in range(3000)])
    assert send(client, EDIT, data).status_code in (400, 422)


def test_the_second_of_two_editors_loses_nothing(
    small: Any, client_of: Any, people: Any, record: Any
) -> None:
    client = client_of("engineer")
    data = form_of(client.get(EDIT))
    other = people("preparer")
    theirs = {**RUN, "name": "Their name", "start": "2026-05-01"}
    save_record(other, "run", theirs, record=record("run", "r-1"))
    data["name"], data["status"] = "My name", "in_progress"
    answer = send(client, EDIT, data)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"{other.name} edited this while you did" in page
    assert "Their name" in errors_at(answer, "name")
    both = form_of(answer)
    assert (both["name"], both["status"], both["start"]) == ("My name", "in_progress", "2026-05-01")
    assert record("run", "r-1").number == 2
    assert send(client, EDIT, both).status_code == 302
    held = record("run", "r-1")
    assert (held.number, held.name, held.content["start"]) == (3, "My name", "2026-05-01")


def test_yaml_writes_the_same_record(small: Any, client_of: Any, record: Any) -> None:
    client, url = client_of("engineer"), "/register/runs/r-1/yaml/"
    data = form_of(client.get(url))
    data["text"] = data["text"].replace("Run one", "Run 1 — 訓練")
    assert send(client, url, data).status_code == 302
    assert record("run", "r-1").content == {**RUN, "name": "Run 1 — 訓練"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("status: planned", "statuss: planned", "line 4 (statuss)"),
        ("model: m-1", "model: m-9", "line 3 (model)"),
        ("status: planned", "status: [", "line 6"),
        ("share: planned", "share: planned\n    tokens: many", "line 10 (parts[0].tokens)"),
        ("name: Run one", "name: Run one\nname: twice", "line 3 (name)"),
        ("name: Run one", "name: *x", "line 2"),
    ],
)
def test_yaml_errors_name_their_line(
    small: Any, client_of: Any, before: str, after: str, said: str
) -> None:
    client, url = client_of("engineer"), "/register/runs/r-1/yaml/"
    data = form_of(client.get(url))
    data["text"] = data["text"].replace(before, after, 1)
    answer = send(client, url, data)
    assert answer.status_code == 422
    assert said in answer.content.decode(), answer.content.decode()
    assert form_of(answer)["text"].rstrip() == data["text"].rstrip()


def test_a_record_can_be_made_from_yaml(small: Any, client_of: Any, record: Any) -> None:
    client, url = client_of("engineer"), "/register/add/models/yaml/"
    data = form_of(client.get(url))
    assert "id:" in data["text"]
    data["text"] = "id: m-2\nname: Two\ntrained_from: m-1\n"
    assert send(client, url, data).status_code == 302
    assert record("model", "m-2").content["trained_from"] == "m-1"


def test_yaml_of_the_second_editor_is_put_together_too(
    small: Any, client_of: Any, people: Any, record: Any
) -> None:
    client, url = client_of("engineer"), "/register/runs/r-1/yaml/"
    data = form_of(client.get(url))
    save_record(
        people("preparer"), "run", {**RUN, "start": "2026-05-01"}, record=record("run", "r-1")
    )
    data["text"] = data["text"].replace("Run one", "Mine")
    answer = send(client, url, data)
    assert answer.status_code == 409
    again = form_of(answer)
    assert "name: Mine" in again["text"]
    assert "start: 2026-05-01" in again["text"]
    assert send(client, url, again).status_code == 302
