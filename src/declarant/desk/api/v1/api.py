"""The API put together, and how its errors look: findings, as everywhere in the product."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from declarant import __version__
from declarant.desk.api.v1.assessments import router as assessments
from declarant.desk.api.v1.documents import router as documents
from declarant.desk.api.v1.evidence import router as evidence
from declarant.desk.api.v1.ledgers import router as ledgers
from declarant.desk.api.v1.register import router as register
from declarant.problems import BadInput

api = NinjaAPI(
    title="Declarant",
    version="1",
    description=f"The filer's desk of Declarant {__version__}. Authenticate with a token of yours "
    "as `Authorization: Bearer TOKEN`. Amounts are whole numbers written as text.",
    docs_url=None,
    urls_namespace="api-1",
)
api.add_router("/register", register)
api.add_router("/evidence", evidence)
api.add_router("/ledgers", ledgers)
api.add_router("", assessments)
api.add_router("/filings", documents)


@api.exception_handler(BadInput)
def _bad_input(request: HttpRequest, problem: BadInput) -> HttpResponse:
    found = [finding.as_json() for finding in problem.findings]
    return api.create_response(request, {"findings": found}, status=422)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    found = [
        {
            "code": "api.request",
            "severity": "error",
            "where": ".".join(map(str, each["loc"])),
            "what": str(each["msg"]),
            "mend": "Compare the request with the description at openapi.json.",
        }
        for each in problem.errors
    ]
    return api.create_response(request, {"findings": found}, status=422)
