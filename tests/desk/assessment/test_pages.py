"""Overview and determination: what the pages say is what the commands say."""

from datetime import date
from pathlib import Path

import pytest
import time_machine

from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.assessment.models import Assessment, Item
from declarant.determination import determine
from declarant.law import load_regime
from declarant.register import load_register

pytestmark = pytest.mark.django_db


def test_an_empty_desk_teaches_the_next_step(client_of):
    page = client_of("auditor").get("/").content.decode()
    assert "Begin with the register" in page
    assert "/register/" in page


def test_the_determination_is_that_of_the_command(cedar_ridge, worker):
    worker()
    current = Current()
    day = current.row.as_of
    facts = load_register(Path("examples/cedar-ridge"))
    expected = determine(facts, load_regime("us-bis-702-7"), day).as_json()
    held = current.determination("us-bis-702-7")
    verdicts = {(each["activity"], each["id"]): each["verdict"] for each in held["activities"]}
    assert verdicts == {
        (each["activity"], each["id"]): each["verdict"] for each in expected["activities"]
    }
    amounts = [each["amount"] for each in held["activities"]]
    assert amounts == [each["amount"] for each in expected["activities"]]
    assert held["clocks"] == expected["clocks"]


def test_the_overview_names_what_is_reportable_and_what_is_due(client_of, cedar_ridge, worker):
    worker(periodic=False)
    from declarant.desk.filer.deadlines.refreshing import refresh

    refresh()
    page = client_of("auditor").get("/").content.decode()
    for told in (
        "Atlas 2 pre-training",
        "Reportable",
        "Mesa",
        "Notification of applicable",
        "1.00e26",
    ):
        assert told in page
    assert "never made final" in page


def test_an_activity_shows_each_reading_with_reasons_and_citations(client_of, cedar_ridge, worker):
    worker()
    page = client_of("auditor").get("/determination/us-bis-702-7/cluster/mesa/").content.decode()
    assert "89 FR 73612" in page
    assert "What would change the verdict" in page
    assert page.count('<th scope="row">') >= 10


def test_chinese_pages_name_the_law_in_chinese(client_of, cedar_ridge, worker):
    worker()
    client = client_of("auditor")
    client.post("/language/", {"language": "zh-hant"})
    page = client.get("/determination/us-bis-702-7/cluster/mesa/").content.decode()
    assert 'lang="zh-Hant"' in page
    assert load_regime("us-bis-702-7").short_title.in_language("zh-Hant") in page


def test_what_stands_is_told_to_be_old_when_the_register_changes(
    client_of, cedar_ridge, worker, people
):
    from declarant.desk.filer.register.kinds import Kind
    from declarant.desk.filer.register.recording import save_record

    worker()
    assert not Current().is_stale
    save_record(people("engineer"), Kind.MODEL, {"id": "new", "name": "New"})
    assert Current().is_stale
    assert Current().running is not None
    worker()
    assert not Current().is_stale


def test_another_day_is_another_assessment(cedar_ridge, worker):
    from declarant.desk.filer.assessment.periodic import keep_current

    worker()
    first = Assessment.objects.latest("pk")
    keep_current()
    worker()
    assert Assessment.objects.latest("pk") == first
    with time_machine.travel("2028-02-29T12:00Z", tick=False):
        keep_current()
        worker()
        assert Assessment.objects.latest("pk").as_of == date(2028, 2, 29)


def test_the_day_is_that_of_the_law(cedar_ridge, worker):
    with time_machine.travel("2027-01-01T04:30Z", tick=False):  # still the 31st in Washington
        from declarant.desk.work.jobs import enqueue

        enqueue("assessment.assess", "test")
        worker()
        assert Assessment.objects.latest("pk").as_of == date(2026, 12, 31)


def test_pictures_are_drawn_again_only_for_a_run_that_changed(cedar_ridge, worker, monkeypatch):
    from declarant.desk.filer.assessment import assessing
    from declarant.desk.work.jobs import enqueue

    worker()
    drawn = []
    whole = assessing.fan_chart
    monkeypatch.setattr(
        assessing, "fan_chart", lambda made, run, code: drawn.append(run) or whole(made, run, code)
    )
    enqueue("assessment.assess", "test")
    worker()
    assert drawn == []
    plots = Item.objects.filter(assessment=Assessment.objects.latest("pk"), kind="plot")
    assert plots.filter(key__startswith="forecast:").exists()
