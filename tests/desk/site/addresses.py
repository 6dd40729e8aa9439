"""The addresses of the tests of the site: the page of parts, and one that shows a plot."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from declarant.desk.access import public
from declarant.desk.site import views


@public("get")
def refusing(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only who certifies may do this.")


@public("get")
def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("a secret of the inside")


@public("get")
def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of the inside")


@public("get", "post")
def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing")


urlpatterns = [
    path("language/", views.language, name="set_language"),
    path("style/", views.style, name="style"),
    path("refusing/", refusing),
    path("suspicious/", suspicious),
    path("failing/", failing),
    path("", nothing, name="site-test-overview"),
    path("register/", nothing, name="site-test-register"),
    path("register/runs/", nothing, name="site-test-runs"),
]
handler400 = "declarant.desk.site.errors.bad_request"
handler403 = "declarant.desk.site.errors.refused"
handler404 = "declarant.desk.site.errors.not_found"
handler500 = "declarant.desk.site.errors.broken"
