"""A mail as its sender laid it out, in a real browser: nothing runs, nothing is fetched, and nothing reaches the desk."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.mailroom.models import IncomingMail
from tests.complaints.desk.staff import member_of
from tests.complaints.intake.mails import arrive, with_pictures
from tests.complaints.mailroom.test_enclosures import png
from tests.factories import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
HTML = """\
<p id="hello">Dear all, <b>my suitcase</b> is broken.</p>
<script>parent.document.title = "taken"; document.body.innerHTML = "taken"</script>
<img src="https://tracker.example/pixel.gif" onerror="document.body.innerHTML = 'taken'">
<style>@import url(https://tracker.example/style.css)</style>
<div style="background:url(https://tracker.example/b.png)">Below</div>
<iframe src="https://tracker.example/"></iframe>
<form action="https://tracker.example/"><button>Go</button></form>
<meta http-equiv="refresh" content="0;url=https://tracker.example/">
"""


def a_mail() -> IncomingMail:
    return arrive(with_pictures({"receipt@x": png(6, 9)}, html=HTML), now=NOW)


def test_sec_39_looking_at_a_mail_loads_nothing_and_runs_nothing(
    browser_page: Page, live_server: LiveServer
) -> None:
    """`browser_page` itself fails on whatever is asked of another host."""
    mail, person = a_mail(), member_of("Handler")
    person.set_password(PASSWORD)
    person.save()
    browser_page.goto(f"{live_server.url}/desk/login/")
    browser_page.fill("[name=username]", person.username)
    browser_page.fill("[name=password]", PASSWORD)
    browser_page.press("[name=password]", "Enter")
    browser_page.goto(f"{live_server.url}/desk/mailroom/incomingmail/{mail.pk}/change/")
    browser_page.get_by_text("As its sender laid it out").click()
    frame = browser_page.frame_locator("iframe.r-mail")
    expect(frame.get_by_text("my suitcase")).to_be_visible()
    assert (
        frame.locator(
            "script, img[src]:not([src^='data:']), iframe, form, style:not(head style), [style], [onerror]"
        ).count()
        == 0
    )
    drawn = frame.get_by_alt_text("receipt@x").bounding_box()
    assert drawn is not None
    assert drawn["width"] == 6
    assert "taken" not in browser_page.title()
    expect(browser_page.get_by_role("heading", name="With pictures")).to_be_visible()
