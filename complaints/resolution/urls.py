from django.urls import path

from complaints.resolution.links import Purpose
from complaints.resolution.views import (
    AcceptPage,
    AnswerPage,
    DeclinePage,
    OfferPage,
    StatusPage,
    WithdrawPage,
)

urlpatterns = [
    path("status/<str:token>/", StatusPage.as_view(), name=Purpose.STATUS),
    path("status/<str:token>/withdraw/", WithdrawPage.as_view(), name="withdraw"),
    path("answer/<str:token>/", AnswerPage.as_view(), name=Purpose.ANSWER),
    path("offer/<str:token>/", OfferPage.as_view(), name=Purpose.OFFER),
    path("offer/<str:token>/accept/", AcceptPage.as_view(), name="accept"),
    path("offer/<str:token>/decline/", DeclinePage.as_view(), name="decline"),
]
