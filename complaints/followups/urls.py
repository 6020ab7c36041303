from django.urls import path

from complaints.followups.views import FollowUpPage, SurveyPage

urlpatterns = [
    path("follow-up/<str:token>/", FollowUpPage.as_view(), name="follow_up"),
    path("survey/<str:token>/", SurveyPage.as_view(), name="survey"),
]
