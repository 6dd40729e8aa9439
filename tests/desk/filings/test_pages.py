"""The pages, as people go through them: two people, one quarter, and what each may not do."""

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.desk.filings.office import PASSPHRASE, REASON, RULE, Office, agency_pem, trial_of

pytestmark = pytest.mark.django_db


def _confirm_it_is_me(client: Client, person: Any) -> None:
    """What signing in again leaves in the session."""
    from allauth.account.internal.flows import login

    session = client.session
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": person.email, "reauthenticated": True}
    ]
    session.save()


def _texts(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def _form(answer: Any, name: str = "form") -> dict[str, Any]:
    """What a browser would send of a form as it stands."""
    form = answer.context[name]
    held = {}
    for field in form:
        value = field.value()
        held[field.html_name] = value.pk if hasattr(value, "pk") else value
    return {key: value for key, value in held.items() if value is not None}


def test_a_quarter_page_by_page(office: Office, client_of: Any) -> None:
    preparer, officer = client_of(office.preparer), client_of(office.officer)
    empty = preparer.get(reverse("filings:filings"))
    assert b"No filing was made here yet" in empty.content
    answer = preparer.get(reverse("filings:start"))
    assert answer.context["form"]["quarter"].value() == "2026Q4"
    begun = preparer.post(reverse("filings:start"), _form(answer))
    row = office.draft()
    assert begun.url == row.get_absolute_url()
    page = preparer.get(begun.url)
    assert b"atlas-2-pretraining" not in page.content  # people read names
    assert b"Atlas 2 pre-training" in page.content
    assert b"never made final" in page.content
    preparer.post(reverse("filings:hand_over", args=[row.pk]))
    certify = reverse("filings:certify", args=[row.pk])
    assert b"Only Carmen Ortiz can certify" in preparer.get(certify).content
    office.key()
    page = officer.get(certify)
    row = office.again(row)
    assert row.document.sha256.encode() in page.content
    assert b"Make every statement first" in page.content
    for stated in page.context["stated"]:
        officer.post(
            reverse("filings:tick", args=[row.pk, stated.id]), {"document": row.document.sha256}
        )
    page = officer.get(certify)
    assert b"Confirm once more that it is you" in page.content
    given = {"document": row.document.sha256, "act": "7b0b2b0c-2d8e-4f53-9b9e-2f27a9d5f0f7"}
    given |= {"key": office.key().pk, "secret": PASSPHRASE.decode(), "way": ""}
    early = officer.post(certify, given)
    assert early.url.startswith(reverse("account_reauthenticate"))
    assert PASSPHRASE.decode() not in repr(dict(officer.session))
    _confirm_it_is_me(officer, office.officer)
    wrong = officer.post(certify, given | {"secret": "not this one"})
    assert wrong.status_code == 422
    assert b"Cannot be opened with this passphrase" in wrong.content
    assert PASSPHRASE not in wrong.content
    done = officer.post(certify, given)
    assert done.url == reverse("filings:send", args=[row.pk])
    assert officer.post(certify, given).url == done.url  # sent twice, done once
    page = preparer.get(done.url)
    (way,) = page.context["ways"]
    assert (way["way"], way["number"]) == ("smtp", 1)
    for _ in range(2):
        preparer.post(done.url, {"way": "smtp", "number": "1"})
    assert row.dispatches.count() == 1


def test_the_checks_page_takes_reasons(office: Office, client_of: Any) -> None:
    row = office.draft(example="juniper")
    client = client_of(office.preparer)
    page = client.get(reverse("filings:checks", args=[row.pk]))
    check = next(
        item["check"]
        for group in page.context["groups"]
        for item in group["members"]
        if item["check"].waits
    )
    address = reverse("filings:confirm", args=[row.pk, check.key])
    name = f"{check.key[:8]}-reason"
    short = client.post(address, {name: "because"})
    assert short.status_code == 422
    assert b"at least 20 characters" in short.content
    client.post(address, {name: f"<script>alert(1)</script> {REASON}"})
    page = client.get(reverse("filings:checks", args=[row.pk]))
    assert b"&lt;script&gt;alert(1)" in page.content
    assert b"<script>alert" not in page.content
    officers = client_of(office.officer)
    assert officers.post(address, {name: REASON}).status_code == 403


def test_a_file_is_given_as_it_is_stored(office: Office, client_of: Any) -> None:
    row = office.sent()
    client = client_of("auditor")
    for name, stored, kind in (
        ("form.pdf", row.form, "application/pdf"),
        ("document.json", row.document, "application/json"),
        ("calendar.ics", row.calendar, "text/calendar; charset=utf-8"),
        ("message.eml", row.message, "message/rfc822"),
    ):
        answer = client.get(reverse("filings:file", args=[row.pk, name]))
        assert (answer.content, answer["Content-Type"]) == (stored.read(), kind)
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
    shown = client.get(reverse("filings:file", args=[row.pk, "form.pdf"]) + "?shown")
    assert shown["Content-Disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    table = client.get(reverse("filings:file", args=[row.pk, "activities.csv"])).content
    assert table.decode("utf-8-sig").count("\r\n") == 4
    for name in ("encrypted.eml", "receipt-1.eml", "..%2Fsecret", "document.xml"):
        assert client.get(f"/filings/{row.pk}/files/{name}").status_code == 404


def test_a_changed_file_is_named_instead_of_given(office: Office, client_of: Any) -> None:
    row = office.draft()
    path = row.form.path
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 something else")
    answer = client_of("auditor").get(reverse("filings:file", args=[row.pk, "form.pdf"]))
    assert answer.status_code == 500
    assert row.form.sha256 in answer.content.decode()


def test_a_formula_in_a_name_is_text_in_the_table() -> None:
    from tests.desk.filings.office import DAY, prepared

    from declarant.desk.filer.filings.exporting import activities_csv
    from declarant.filing.documents import Notification
    from declarant.register.facts import Contact, ContactRole

    people = (Contact("A", ContactRole.PREPARER, None, "a@example.org"),)
    document = prepared("cedar-ridge", "2026Q4", people, DAY).document
    content = document.content()
    content["activities"][0]["name"] = '=HYPERLINK("http://evil.example")'
    table = activities_csv(Notification.made(**content)).decode("utf-8-sig")
    assert "'=HYPERLINK" in table


def test_an_officer_enters_keys_and_an_administrator_the_agency(
    office: Office, client_of: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from declarant.desk.filer.filings.agency import agency_of
    from declarant.desk.filer.filings.models import SigningKey

    officer = client_of(office.officer)
    keys = reverse("filings:keys")
    answer = officer.post(keys, {"label": "x", "kind": "trial", "passphrase": "short"})
    assert answer.status_code == 422
    assert b"12 characters or more" in answer.content
    certificate = SimpleUploadedFile("own.pem", trial_of(office.officer)[1])
    answer = officer.post(keys, {"label": "card", "kind": "pkcs12", "file": certificate})
    assert answer.status_code == 302
    assert SigningKey.objects.get().kind == "pkcs12"
    assert b"PKCS #11 URI" not in officer.get(keys).content  # no module is allowed here
    page = officer.get(keys)
    assert b"for trial only" in page.content
    agency = reverse("filings:agency")
    assert officer.get(agency).status_code == 403
    administrator = client_of("administrator")
    given = {"name": "Agency", "email": "intake@agency.example"}
    garbage = SimpleUploadedFile("a.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n")
    refused = administrator.post(agency, given | {"signing": garbage})
    assert (refused.status_code, agency_of()) == (422, None)
    signing = SimpleUploadedFile("a.pem", agency_pem()[1])
    assert administrator.post(agency, given | {"signing": signing}).status_code == 302
    administrator.post(agency, given | {"name": "The Agency"})
    assert agency_of().name == "The Agency"
    assert agency_of().signing_certificates  # what was not given stays
    assert client_of("preparer").get(keys).status_code == 403


def test_an_upload_for_signing_never_touches_the_disk(office: Office, client_of: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

    made = []
    kept = TemporaryUploadedFile.__init__

    def noted(self: Any, *arguments: Any, **named: Any) -> None:
        made.append(self)
        kept(self, *arguments, **named)

    officer = client_of(office.officer, enforce_csrf_checks=True)
    row = office.ticked(office.ready())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TemporaryUploadedFile, "__init__", noted)
        for address in (reverse("filings:certify", args=[row.pk]), reverse("filings:keys")):
            large = SimpleUploadedFile("own.p12", b"\x30" + bytes(4_000_000))
            forged = officer.post(address, {"file": large})
            assert forged.status_code == 403  # without the token of the page
    assert made == []


def test_the_list_asks_the_database_as_often_for_many_filings_as_for_few(
    office: Office, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    from declarant.desk.filer.filings.models import Filing

    client = client_of(office.preparer)
    for year in range(2015, 2025):
        for number in range(1, 5):
            Filing.objects.create(
                regime=RULE,
                quarter=f"{year}Q{number}",
                preparer=office.preparer,
                officer=office.officer,
            )
    client.get(reverse("filings:filings"))
    with django_assert_max_num_queries(16):
        client.get(reverse("filings:filings"))


def test_certifying_late_or_by_another_says_so(office: Office, client_of: Any) -> None:
    row = office.certified(office.ready())
    officer = client_of(office.officer)
    page = officer.get(reverse("filings:certify", args=[row.pk]), follow=True)
    assert any("does not wait for certification" in text for text in _texts(page))
    page = officer.get(reverse("filings:send", args=[office.draft("2027Q1").pk]), follow=True)
    assert any("once it is certified" in text for text in _texts(page))
