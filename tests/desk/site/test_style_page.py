"""The page of parts in a real Chromium: no violation, nothing refused, by keyboard, on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.desk.servers.browser import DESKTOP, PHONE, Browser, Window, axe

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.desk.site.addresses"),
    pytest.mark.slow,
]


@pytest.fixture
def opened(
    browser: Browser, live_server: Any, client_of: Callable[..., Any]
) -> Callable[..., Window]:
    def open_style(**options: Any) -> Window:
        held = client_of("engineer").cookies
        cookies = {name: morsel.value for name, morsel in held.items()}
        window = browser.window(live_server.url, cookies=cookies, **options)
        window.open("/style/")
        return window

    return open_style


def drawn(window: Window) -> None:
    window.page.wait_for_selector("figure[data-plot='live'] canvas")


@pytest.mark.parametrize("language", ["en", "zh-hant"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_part_violates_the_guidelines(
    opened: Callable[..., Window], size: dict[str, int], language: str
) -> None:
    window = opened(size=size, language=language)
    drawn(window)
    assert axe(window.page) == []
    assert window.overflow() == 0
    window.screenshot(f"site-style-{language}-{size['width']}")
    window.calm()


def test_a_form_that_is_refused_takes_the_focus_to_what_is_wrong(
    opened: Callable[..., Window],
) -> None:
    window = opened()
    window.page.fill("[name=note]", "x" * 501)
    window.page.get_by_text("1 characters over the limit").wait_for()
    window.page.get_by_role("button", name="Save the run").click()
    summary = window.page.locator("[data-error-summary]")
    summary.wait_for()
    assert summary.evaluate("it => it === document.activeElement")
    assert axe(window.page) == []
    summary.get_by_role("link", name="Stage").click()
    assert window.page.evaluate("document.activeElement.name") == "stage"
    window.screenshot("site-style-refused")
    window.calm()


def test_a_question_is_a_dialog_that_the_keyboard_opens_and_leaves(
    opened: Callable[..., Window],
) -> None:
    window = opened()
    button = window.page.locator("[data-confirm] > summary")
    button.focus()
    window.page.keyboard.press("Enter")
    dialog = window.page.get_by_role("dialog", name="Withdraw this draft?")
    dialog.wait_for()
    assert window.page.evaluate("document.activeElement.textContent") == "Go back"
    assert axe(window.page) == []
    window.page.keyboard.press("Escape")
    assert dialog.count() == 0
    assert button.evaluate("it => it === document.activeElement")
    window.calm()


def test_the_menu_on_a_phone_opens_and_signs_out(opened: Callable[..., Window]) -> None:
    window = opened(size=PHONE)
    window.page.get_by_role("button", name="Menu").click()
    person = window.page.locator("details[data-menu] > summary")
    person.click()
    window.page.get_by_role("button", name="繁體中文").wait_for()
    window.page.wait_for_timeout(400)  # the panel slides in: contrast is judged where it stands
    assert axe(window.page) == []
    window.page.keyboard.press("Escape")
    window.calm()


def test_without_scripts_the_picture_and_the_question_are_there(
    opened: Callable[..., Window],
) -> None:
    window = opened(java_script_enabled=False)
    assert window.page.locator("figure img").first.is_visible()
    assert not window.page.locator("[data-plot-live]").is_visible()
    window.page.locator("[data-confirm] > summary").click()
    assert window.page.get_by_role("heading", name="Withdraw this draft?").is_visible()


def test_on_paper_the_picture_is_the_image_and_nothing_can_be_pressed(
    opened: Callable[..., Window],
) -> None:
    window = opened()
    drawn(window)
    window.page.emulate_media(media="print")
    assert window.page.locator("figure img").is_visible()
    assert not window.page.locator("figure canvas").is_visible()
    for hidden in (".desk-nav", ".desk-buttons", ".desk-actions", ".usa-breadcrumb"):
        assert not window.page.locator(hidden).first.is_visible()
    assert window.page.locator(".desk-hash code").evaluate("it => it.scrollWidth <= it.clientWidth")
