"""How the desk writes moments, wherever a page leaves it to Django."""

DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
