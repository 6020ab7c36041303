"""The one page of figures that is for everybody."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.resolution import pages
from reporting import service_standard as standard


@require_safe
def service_standard(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    pack = standard.rules(now)
    context = {
        **pages.firm(),
        "pack": pack,
        "targets": standard.targets(pack),
        "period": standard.period(now),
        "results": standard.results(now, at_least=pack.publish_at_least),
        "at_least": pack.publish_at_least,
    }
    return TemplateResponse(request, "reporting/service_standard.html", context)
