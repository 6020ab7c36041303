from django.urls import path

from complaints.intake.views import FormPage, thanks

app_name = "intake"

urlpatterns = [
    path("", FormPage.as_view(), name="form"),
    path("thanks/<str:seen>/", thanks, name="thanks"),
]
