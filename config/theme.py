"""How the desk looks: names, colours and menu for the admin theme. Callables are named, for settings import no app."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static


def at(path: str) -> Any:
    """The address of a static file, asked for with each page and not while settings are read."""

    def address(_request: HttpRequest) -> str:
        return static(path)

    return address


#: The brand's teal, one step darker than usual in the middle: 600 is what buttons are painted with.
TEAL = {
    "50": "#f0fdfa",
    "100": "#ccfbf1",
    "200": "#99f6e4",
    "300": "#5eead4",
    "400": "#2dd4bf",
    "500": "#14b8a6",
    "600": "#0f766e",
    "700": "#115e59",
    "800": "#134e4a",
    "900": "#113f3c",
    "950": "#042f2e",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Redress",
    "SITE_HEADER": "Redress",
    "SITE_SYMBOL": "balance",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": at("desk/redress.svg")}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "ENVIRONMENT": "complaints.desk.navigation.environment",
    "DASHBOARD_CALLBACK": "complaints.desk.home.dashboard",
    "STYLES": [at("desk/desk.css"), at("desk/lists.css")],
    "SCRIPTS": [at("desk/desk.js"), at("desk/lists.js")],
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": TEAL},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "complaints.desk.navigation.sidebar",
    },
    # What people look for is found by complaints.desk.search; the theme's own search would load every match.
    "COMMAND": {"search_models": False, "show_history": False},
}
