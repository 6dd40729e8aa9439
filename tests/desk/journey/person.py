"""A person of the journey: a window of their own, and what people do at a page with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import TimeoutError as NeverSeen
from tests.desk import people
from tests.desk.servers.browser import Window

PATIENCE = 45.0  # seconds for one page; a loaded machine is slow
WORK = 240.0  # seconds for work in the background


def until(what: Callable[[], Any], said: str) -> Any:
    """Wait until something is true and return it; what it was is said when it never is."""
    last = time.monotonic() + WORK
    while not (found := what()):
        assert time.monotonic() < last, f"waited {WORK:.0f} s in vain: {said}"
        time.sleep(0.1)
    return found


@dataclass
class Person:
    """Somebody at the desk, who finds things by what the page calls them."""

    name: str
    email: str
    window: Window

    @property
    def page(self) -> Any:
        """The page that is open."""
        return self.window.page

    @property
    def path(self) -> str:
        """The address of the page, without the host."""
        return urlsplit(self.page.url).path

    def open(self, path: str) -> None:
        """Type an address."""
        answer = self.window.open(path)
        assert answer.ok, f"{path} answered {answer.status}"

    def goes(self, *links: str) -> None:
        """Follow the main menu, and then links of the pages that come."""
        first, *others = links
        menu = self.page.get_by_role("navigation", name="Main menu")
        with self.page.expect_navigation():
            menu.get_by_role("link", name=first, exact=True).click()
        for link in others:
            self.follows(link)

    def follows(self, link: str | re.Pattern[str], *, exact: bool = False) -> None:
        """Follow a link of the page."""
        with self.page.expect_navigation():
            self.main.get_by_role("link", name=link, exact=exact).first.click()

    @property
    def main(self) -> Any:
        """What stands on the page itself, without its frame."""
        return self.page.locator("main")

    def fills(self, **fields: str) -> None:
        """Fill fields in, each by its label; underscores stand for spaces."""
        for label, value in fields.items():
            self.writes(label.replace("_", " "), value)

    def writes(self, label: str, value: str) -> None:
        """Write into the field with this label."""
        self.field(label).fill(value)

    def field(self, label: str) -> Any:
        """The field whose label begins so, required or not."""
        return self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\*\s*)?$")).first

    def chooses(self, label: str, option: str | re.Pattern[str]) -> None:
        """Choose an option, by what it says."""
        held = self.field(label)
        said = held.locator("option", has_text=option).first.inner_text()
        held.select_option(label=said)

    def ticks(self, label: str) -> None:
        """Tick a box or choose a radio button; its label is what one clicks on."""
        self.main.locator("label", has_text=label).first.click()

    def presses(
        self, button: str | re.Pattern[str], *, exact: bool = False, stays: bool = False
    ) -> None:
        """Press a button, and wait for the page that comes, unless one stays on this one."""
        pressed = self.main.get_by_role("button", name=button, exact=exact).first
        if stays:
            pressed.click()
            return
        with self.page.expect_navigation():
            pressed.click()

    def uploads(self, label: str, name: str, content: bytes) -> None:
        """Choose a file."""
        kinds = {".zip": "application/zip", ".eml": "message/rfc822"}
        kind = kinds.get(Path(name).suffix, "application/octet-stream")
        self.field(label).set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def downloads(self, link: str | re.Pattern[str]) -> tuple[str, bytes]:
        """Follow a link that gives a file; return its name and what is in it."""
        with self.page.expect_download() as expected:
            self.main.get_by_role("link", name=link).first.click()
        got = expected.value
        return got.suggested_filename, Path(got.path()).read_bytes()

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Wait until the page says all of these."""
        for text in texts:
            try:
                self.main.get_by_text(text).first.wait_for(timeout=PATIENCE * 1000)
            except NeverSeen as never:
                said = f"{self.page.url} does not say {text!r} but:\n{self.main.inner_text()}"
                raise AssertionError(said[:4000]) from never

    def reloads_until(self, text: str | re.Pattern[str]) -> None:
        """Load the page again until it says so, as somebody would who waits for work to end."""

        def said() -> bool:
            self.page.reload()
            return bool(self.main.get_by_text(text).count())

        if not self.main.get_by_text(text).count():
            until(said, f"{self.path} does not say {text!r}")

    def is_calm(self, shot: str = "") -> None:
        """Keep a picture of the page, and fail with whatever went wrong in the window."""
        self.page.wait_for_load_state()
        if shot:
            self.window.screenshot(f"journey-{shot}")
        self.window.calm()

    # coming in

    def accepts(self, link: str) -> None:
        """Open the link of an invitation and set a password; then sign in with it."""
        self.page.goto(link)
        self.sees(f"Welcome, {self.name}")
        self.fills(Password=people.PASSWORD, Password_again=people.PASSWORD)
        self.presses("Set the password")
        self.sees("Your account is ready")
        self.gives_password()

    def gives_password(self) -> None:
        """Sign in as far as the password goes."""
        self.fills(Email=self.email, Password=people.PASSWORD)
        self.presses("Sign in", exact=True)
        self.page.wait_for_url(lambda address: "/account/login/" not in address)

    def signs_in_again(self) -> None:
        """Sign out, and in with password and passkey."""
        self.signs_out()
        self.gives_password()
        self.presses("Use a security key")

    def confirms(self) -> None:
        """Say again that it is oneself, where the page asks for it."""
        if self.path == "/account/reauthenticate/":
            self.writes("Password", people.PASSWORD)
            self.presses("Confirm")
            self.page.wait_for_url(lambda address: "/reauthenticate/" not in address)

    def adds_passkey(self, name: str) -> None:
        """Make a passkey the second factor."""
        self.window.passkey()
        self.open("/account/two-factor/webauthn/add/")
        self.confirms()
        self.writes("Name", name)
        self.presses("Add")
        self.sees("Security key added")

    def adds_authenticator(self) -> None:
        """Make an authenticator app the second factor."""
        self.open("/account/two-factor/totp/activate/")
        self.confirms()
        secret = self.page.get_by_label("Authenticator secret").input_value()
        self.page.get_by_role("textbox", name=re.compile("code", re.IGNORECASE)).fill(
            people.code(secret=secret)
        )
        self.presses("Activate")
        self.sees("Authenticator app activated")

    def signs_out(self) -> None:
        """Sign out by the menu of the person."""
        self.page.locator("details.desk-user summary").click()
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url(lambda address: "/account/login/" in address)
