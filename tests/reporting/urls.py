"""The house's addresses with the reports among them, wherever the composition root stands."""

from django.urls import include, path

from config.urls import urlpatterns as house

urlpatterns = [path("desk/reports/", include("reporting.urls")), *house]
