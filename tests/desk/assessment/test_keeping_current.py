"""An assessment that failed is asked for again after a while, and not every few minutes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from declarant.desk.filer.assessment.models import Assessment
from declarant.desk.filer.assessment.periodic import AGAIN_AFTER, keep_current
from declarant.desk.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ago", "asked"), [(timedelta(0), False), (AGAIN_AFTER + timedelta(seconds=1), True)]
)
def test_one_that_failed_is_tried_again_later(db, ago, asked):
    Assessment.objects.create(fingerprint="0" * 64, as_of="2026-01-01")
    Job.objects.create(
        kind="assessment.assess", state=Job.State.FAILED, finished=timezone.now() - ago
    )
    keep_current()
    assert Job.objects.filter(state=Job.State.QUEUED).exists() is asked
