from django import template

register = template.Library()


@register.filter
def up_to(number: int, bound: int) -> str:
    """1,240; and 999+ where nobody counted further."""
    return f"{bound - 1}+" if number >= bound else f"{number:,}"
