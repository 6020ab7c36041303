"""How reports say things."""

from decimal import Decimal
from typing import Any

from django import template

from reporting.drill import STATES
from reporting.scope import Scope

register = template.Library()


@register.filter
def grouped(number: float | Decimal) -> str:
    """`12,345`, and `12,345.60` for money."""
    return f"{number:,.2f}" if isinstance(number, Decimal) else f"{number:,}"


@register.filter
def capital(text: str) -> str:
    """The first letter only: the rest may hold names."""
    return text[:1].upper() + text[1:]


@register.filter
def state_words(state: str) -> str:
    return STATES.get(state, state)


@register.simple_tag
def scope_address(scope: Scope | None, **changes: Any) -> str:
    """The query string of this scope with these changes; none where the address could not be read."""
    return f"?{scope.address(**{name: str(value) for name, value in changes.items()})}" if scope else ""


@register.simple_tag
def past(first: float, second: float) -> float:
    """Where the third part of a bar begins."""
    return round(first + second, 2)
