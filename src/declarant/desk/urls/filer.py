"""The addresses of the filer's desk."""

from django.urls import include, path

from declarant.desk.urls.shared import urlpatterns as shared

urlpatterns = [
    *shared,
    path("", include("declarant.desk.filer.assessment.urls")),
    path("register/", include("declarant.desk.filer.register.urls")),
    path("filings/", include("declarant.desk.filer.filings.urls")),
    path("questions/", include("declarant.desk.filer.questions.urls")),
    path("clocks/", include("declarant.desk.filer.deadlines.urls")),
    path("search/", include("declarant.desk.search.urls")),
    path("api/", include("declarant.desk.api.urls")),
]
handler400 = "declarant.desk.site.errors.bad_request"
handler403 = "declarant.desk.site.errors.refused"
handler404 = "declarant.desk.site.errors.not_found"
handler500 = "declarant.desk.site.errors.broken"
