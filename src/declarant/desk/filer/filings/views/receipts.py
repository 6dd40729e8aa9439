"""A receipt that came by another way than this desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.forms import ReceiptForm
from declarant.desk.filer.filings.receipts import MOST_UPLOADED, take_in
from declarant.desk.filer.filings.views.telling import tell_in
from declarant.problems import BadInput


@access(get=Power.SEND, post=Power.SEND)
def receipt(request: HttpRequest) -> HttpResponse:
    """Take in a receipt; it finds the filing it belongs to by the hash of what was sent."""
    form = ReceiptForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        if uploaded.size > MOST_UPLOADED:
            form.add_error("file", _("This is larger than any receipt."))
        else:
            try:
                row = take_in(request.user, uploaded.read())
            except BadInput as problem:
                tell_in(form, problem)
            else:
                messages.success(request, _("The receipt is genuine, and kept with its filing."))
                return redirect(row.filing)
    return render(
        request, "filings/receipt.html", {"form": form}, status=422 if form.is_bound else 200
    )
