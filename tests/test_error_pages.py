"""What people see when something fails: a plain page of ours, which needs no database, no context and no script."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.fixtures import Settings

PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_needs_nothing_and_says_what_to_do(name: str) -> None:
    page = render_to_string(name)
    for source in (name, "error.html"):
        tags = re.findall(r"{[{%] *(\w+)", (Path(settings.BASE_DIR) / "templates" / source).read_text())
        assert set(tags) <= {"extends", "block", "endblock"}, (
            "an error page that asks for more may itself fail"
        )
    assert "Please" in page or "To the start page" in page
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("name", PAGES)
def test_every_file_an_error_page_asks_for_is_there(name: str) -> None:
    asked = re.findall(r'href="/static/([^"]+)"', render_to_string(name))
    assert asked == ["customer/customer.css"]
    assert all(finders.find(path) for path in asked)


@pytest.mark.django_db
def test_an_unknown_address_answers_with_our_page(client: Client, settings: Settings) -> None:
    settings.DEBUG = False
    answer = client.get("/there-is-nothing-here/")
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_asked_for_again_and_changes_nothing(settings: Settings) -> None:
    settings.DEBUG = False
    answer = Client(enforce_csrf_checks=True).post("/", {"name": "Nobody"})
    assert answer.status_code == 403
    assert "Please send that once more" in answer.content.decode()
