from django.contrib import admin
from django.urls import path

from complaints.desk import search, simulator

app_name = "desk"

#: Stands before the admin's own addresses: at this one the theme's search would answer otherwise.
urlpatterns = [
    path("search/", admin.site.admin_view(search.page), name="search"),
    path(
        "policies/<slug:code>/<int:version>/simulator/",
        admin.site.admin_view(simulator.page),
        name="simulator",
    ),
]
