from django import template

from complaints.resolution.models import Channel

register = template.Library()


@register.filter
def channel_label(code: str) -> str:
    """How a complaint came, as the rest of the desk calls it."""
    return str(Channel(code).label)
