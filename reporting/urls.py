"""Joined under `/desk/reports/`, before the admin's own addresses."""

from django.urls import path

from reporting import views

app_name = "reporting"

urlpatterns = [
    path("", views.index, name="index"),
    path("figures.csv", views.index_csv, name="index_csv"),
    path("by/month/", views.months, name="months"),
    path("by/month.csv", views.months_csv, name="months_csv"),
    path("by/<slug:dimension>/", views.breakdown, name="by"),
    path("by/<slug:dimension>.csv", views.breakdown_csv, name="by_csv"),
    path("list/", views.behind, name="list"),
    path("list.csv", views.behind_csv, name="list_csv"),
    path("product-by-year/", views.product_by_year, name="product_by_year"),
    path("product-by-year.csv", views.product_by_year_csv, name="product_by_year_csv"),
]
