"""How far a job is, and stopping it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.audit import change
from declarant.desk.work.models import Job

STOP_POLLING = 286  # HTMX: take this answer and ask no more


@access(get=Power.READ)
def progress(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Show how far a job is: a piece of a page that asks again until the job is over."""
    job = get_object_or_404(Job, pk=job_id)
    whole = request.headers.get("HX-Request") != "true"
    answer = render(request, "work/job.html" if whole else "work/progress.html", {"job": job})
    if job.is_over and not whole:
        answer["HX-Refresh"] = "true"
    return answer


@access(post=Power.READ)
def cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Ask a job to stop: whoever asked for it may, and whoever may edit what it works on."""
    job = get_object_or_404(Job, pk=job_id)
    if job.asked_by_id != request.user.pk and not request.user.has(Power.EDIT_REGISTER):
        messages.error(request, _("Only whoever asked for this, or an editor, can stop it."))
    elif not job.is_over:
        with change(request.user, "job.cancelled", subject=f"job:{job.pk}", kind=job.kind):
            Job.objects.filter(pk=job.pk).update(cancel_asked=True)
            Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(state=Job.State.CANCELLED)
        messages.info(request, _("It stops as soon as it can."))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        return redirect("work:progress", job_id)
    return redirect(back)
