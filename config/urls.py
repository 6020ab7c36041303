from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from complaints.followups import urls as followups
from complaints.resolution import urls as resolution
from config.health import health
from reporting.public import service_standard

handler400 = "config.refusals.bad_request"

customer = [*resolution.urlpatterns, *followups.urlpatterns]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("complaints.intake.urls")),
    path("service-standard/", service_standard, name="service_standard"),
    path("health/", health, name="health"),
    path("c/", include((customer, "customer"))),
    path("desk/reports/", include("reporting.urls")),
    path("desk/", include("complaints.desk.urls")),
    path("desk/", admin.site.urls),
]
