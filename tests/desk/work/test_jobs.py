"""Background jobs: done once, with progress, cancelled when asked, taken over from the dead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from declarant.desk.work import jobs, running
from declarant.desk.work.models import Job
from declarant.problems import bad_input

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    held: dict = {}
    monkeypatch.setattr(running, "KINDS", held)
    monkeypatch.setattr(jobs, "KINDS", held)
    return held


def test_a_job_is_done_and_keeps_its_result(kinds):
    kinds["add"] = lambda task, a, b: {"sum": a + b}
    row = jobs.enqueue("add", None, a=2, b=3)
    assert running.run_next("w")
    row.refresh_from_db()
    assert (row.state, row.result, row.percent) == (Job.State.DONE, {"sum": 5}, 100)
    assert not running.run_next("w")


def test_the_oldest_goes_first(kinds):
    done = []
    kinds["note"] = lambda task, name: done.append(name)
    for name in "abc":
        jobs.enqueue("note", None, name=name)
    while running.run_next("w"):
        pass
    assert done == ["a", "b", "c"]


def test_asking_twice_before_it_begins_is_asking_once(kinds):
    assert jobs.enqueue("x", None, subject="s").pk == jobs.enqueue("x", None, subject="s").pk
    assert jobs.enqueue("x", None, subject="t").pk != jobs.enqueue("x", None, subject="s").pk


def test_progress_can_be_seen_and_cancelling_stops_it(kinds):
    seen = []

    def work(task):
        for step in range(100):
            task._written = 0.0  # as if half a second had passed
            task.progress(step, 100, "reading")
            seen.append(Job.objects.get(pk=task.row.pk).percent)
            if step == 40:
                Job.objects.filter(pk=task.row.pk).update(cancel_asked=True)

    kinds["long"] = work
    row = jobs.enqueue("long", None)
    running.run_next("w")
    row.refresh_from_db()
    assert row.state == Job.State.CANCELLED
    assert seen == list(range(41))


def test_one_cancelled_while_it_waits_never_begins(kinds, client_of, people):
    kinds["x"] = lambda task: pytest.fail("it began")
    row = jobs.enqueue("x", people("engineer"))
    client_of("engineer").post(f"/work/{row.pk}/cancel/")
    assert not running.run_next("w")
    row.refresh_from_db()
    assert row.state == Job.State.CANCELLED


def test_bad_input_is_told_with_its_mend(kinds):
    def work(task):
        raise bad_input("a.b", "the line is no number.", mend="Write digits.", file="x.csv", line=3)

    kinds["x"] = work
    row = jobs.enqueue("x", None)
    running.run_next("w")
    row.refresh_from_db()
    assert row.state == Job.State.FAILED
    assert row.findings[0]["where"] == "x.csv:3"
    assert row.findings[0]["mend"] == "Write digits."


def test_a_fault_of_the_program_stops_one_job_and_not_the_worker(kinds):
    kinds["x"] = lambda task: 1 / 0
    kinds["y"] = lambda task: None
    bad, good = jobs.enqueue("x", None), jobs.enqueue("y", None)
    while running.run_next("w"):
        pass
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (Job.State.FAILED, Job.State.DONE)
    assert "ZeroDivision" not in bad.text


@pytest.mark.parametrize(("silent", "taken"), [(59, False), (61, True)])
def test_a_job_of_a_dead_worker_is_taken_over(kinds, silent, taken):
    kinds["x"] = lambda task: {"by": task.row.claimed_by}
    row = jobs.enqueue("x", None)
    Job.objects.filter(pk=row.pk).update(
        state=Job.State.RUNNING,
        claimed_by="dead",
        attempts=1,
        heartbeat=timezone.now() - timedelta(seconds=silent),
    )
    assert running.run_next("alive") is taken
    row.refresh_from_db()
    assert (row.state == Job.State.DONE) is taken


def test_a_job_that_kills_every_worker_is_given_up(kinds):
    kinds["x"] = lambda task: None
    row = jobs.enqueue("x", None)
    Job.objects.filter(pk=row.pk).update(
        state=Job.State.RUNNING,
        attempts=running.MOST_ATTEMPTS,
        heartbeat=timezone.now() - timedelta(hours=1),
    )
    assert not running.run_next("w")
    row.refresh_from_db()
    assert row.state == Job.State.FAILED
    assert "operator" in row.text


def test_what_a_dead_worker_says_late_changes_nothing(kinds):
    """A worker that was thought dead, and finishes: another has the job by then."""

    def work(task):
        Job.objects.filter(pk=task.row.pk).update(claimed_by="another")
        return {"by": "the late one"}

    kinds["x"] = work
    row = jobs.enqueue("x", None)
    running.run_next("late")
    row.refresh_from_db()
    assert row.state == Job.State.RUNNING
    assert row.result is None


def test_only_who_asked_or_an_editor_may_stop_it(kinds, client_of, people):
    row = jobs.enqueue("x", people("preparer"))
    client_of("auditor").post(f"/work/{row.pk}/cancel/")
    row.refresh_from_db()
    assert row.state == Job.State.QUEUED
    client_of("engineer").post(f"/work/{row.pk}/cancel/")
    row.refresh_from_db()
    assert row.state == Job.State.CANCELLED
