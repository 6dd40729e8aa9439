"""A real Chromium: a window for each person, its troubles collected, its pages judged by axe."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

LACK = "Chromium is not installed: scripts/set-up-servers as root on Debian, or put it on PATH"
LACK_OF_DRIVER = "Chromium's driver does not start: python -m playwright --version says why"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = Path(__file__).resolve().parent.parent / "axe" / "axe.min.js"
SCREENSHOTS = Path(__file__).resolve().parents[3] / "build" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# root may not use the sandbox, and a container's shared memory is small
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"]
# WCAG 2.1 at levels A and AA, and what axe's makers hold to be good practice
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

WATCH = """
document.addEventListener("securitypolicyviolation", event => console.error(
    `content security policy: ${event.violatedDirective} refused ${event.blockedURI}`
    + ` at ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
"""


def program() -> str | None:
    """Where Chromium is, if it is here."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Window:
    """One person's window: a context of its own with its own cookies.

    ``troubles`` collects what must not happen: errors on the console, uncaught exceptions, refusals
    by the content security policy, dialogs that nobody asked for. A test ends with ``calm()``.
    """

    base: str
    context: Any
    page: Any
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        """Go to a path of the desk and wait until the page is loaded; returns the response."""
        return self.page.goto(self.base + path, wait_until="load")

    def carry(self, cookies: dict[str, str]) -> None:
        """Take cookies along, such as those of a Django test client that is signed in."""
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.base} for name, value in cookies.items()]
        )

    def resize(self, size: dict[str, int]) -> None:
        """Change the width, as turning to a phone would."""
        self.page.set_viewport_size(size)

    def screenshot(self, name: str) -> Path:
        """Keep the whole page as ``build/screenshots/NAME.png``."""
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True, animations="disabled")
        return path

    def overflow(self) -> int:
        """How many pixels the page is wider than the window: sideways scrolling on a phone."""
        return int(
            self.page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def calm(self) -> None:
        """Fail with everything that went wrong in this window since it was last asked."""
        troubles, self.troubles[:] = list(self.troubles), []
        assert not troubles, f"in the window at {self.page.url}:\n" + "\n".join(troubles)

    def passkey(self) -> str:
        """Plug in an authenticator that answers by itself; the host must be ``localhost``."""
        devtools = self.context.new_cdp_session(self.page)
        devtools.send("WebAuthn.enable")
        made = devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        return str(made["authenticatorId"])


@dataclass
class Browser:
    """A running Chromium."""

    chromium: Any
    windows: list[Window] = field(default_factory=list)

    def window(
        self,
        base: str,
        *,
        cookies: dict[str, str] | None = None,
        language: str = "en",
        size: dict[str, int] = DESKTOP,
        **settings: Any,
    ) -> Window:
        """Open a window of a new person; ``settings`` are those of Playwright's contexts."""
        context = self.chromium.new_context(
            viewport=size, locale={"zh-hant": "zh-TW"}.get(language, language), **settings
        )
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH)
        window = Window(base.rstrip("/"), context, context.new_page())
        _watch(window)
        window.carry({"django_language": language, **(cookies or {})})
        self.windows.append(window)
        return window

    def close_windows(self) -> None:
        """Close every window."""
        while self.windows:
            self.windows.pop().context.close()


def _watch(window: Window) -> None:
    def dialog(shown: Any) -> None:
        window.troubles.append(f"{shown.type} dialog: {shown.message}")
        shown.dismiss()

    page, troubles = window.page, window.troubles
    page.on("dialog", dialog)
    page.on("pageerror", lambda error: troubles.append(f"uncaught: {error}"))
    page.on(
        "console",
        lambda said: troubles.append(f"console: {said.text}") if said.type == "error" else None,
    )


def axe(page: Any) -> list[str]:
    """Let axe-core judge the page; returns its violations as readable text."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    result = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(
            f"    {' '.join(map(str, node['target']))}: {node['html'][:200]}\n"
            f"      {' '.join(node['failureSummary'].split())}"
            for node in violation["nodes"][:5]
        )
        for violation in result["violations"]
    ]


@contextlib.contextmanager
def running() -> Iterator[Browser]:
    """A Chromium that ends with the block; raises FileNotFoundError where there is none."""
    where = program()
    if where is None:
        raise FileNotFoundError(LACK)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with _beside_a_loop(), _playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=where, args=FLAGS)
        browser = Browser(chromium)
        try:
            yield browser
        finally:
            browser.close_windows()
            chromium.close()


@contextlib.contextmanager
def _playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    manager = sync_playwright()
    try:
        playwright = manager.__enter__()
    except Exception as problem:
        raise FileNotFoundError(LACK_OF_DRIVER) from problem
    try:
        yield playwright
    finally:
        manager.__exit__(None, None, None)


@contextlib.contextmanager
def _beside_a_loop() -> Iterator[None]:
    """Playwright keeps a loop in this thread, which Django takes for asynchronous code."""
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}):
        yield
