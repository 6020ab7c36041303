from django.contrib import admin
from django.urls import path

from complaints.desk import policies, printing, promises, search, simulator, why, wording

app_name = "desk"

view = admin.site.admin_view

#: Stands before the admin's own addresses: at this one the theme's search would answer otherwise.
urlpatterns = [
    path("search/", view(search.page), name="search"),
    path("why/<int:pk>/", view(why.deadline), name="why"),
    path("why/next/<int:pk>/", view(why.next_due), name="why_next"),
    path("why/answer/<int:pk>/", view(why.answer), name="why_answer"),
    path("why/promise/<int:pk>/", view(why.promise), name="why_promise"),
    path("why/offer/<int:pk>/", view(why.offer), name="why_offer"),
    path("why/letter/<int:pk>/", view(why.letter), name="why_letter"),
    path("promises/", view(promises.page), name="promises"),
    path("policies/", view(policies.index), name="policies"),
    path("policies/<slug:code>/<int:version>/", view(policies.version), name="policy"),
    path("policies/<slug:code>/<int:version>/copy/", view(policies.copy), name="policy_copy"),
    path("policies/<slug:code>/<int:version>/withdraw/", view(policies.withdraw), name="policy_withdraw"),
    path("policies/<slug:code>/<int:version>/simulator/", view(simulator.page), name="simulator"),
    path("printing/", view(printing.queue), name="printing"),
    path("printing/<slug:letter>/letter.pdf", view(printing.sheet), name="sheet"),
    path("letters/", view(wording.index), name="wordings"),
    path("letters/<slug:kind>/write/", view(wording.other_language), name="wording_other"),
    path("letters/<slug:kind>/<slug:language>/", view(wording.letter), name="wording"),
    path("letters/<slug:kind>/<slug:language>/copy/", view(wording.copy), name="wording_copy"),
]
