"""Composition root: settings, Celery, the timetable, urls."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
