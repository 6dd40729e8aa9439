"""The browser of the tests sees what it must see: bad pages, refused scripts, dialogs, passkeys."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.desk.servers import browser, left_out

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Good</title></head>
<body><main><h1>Good</h1><p>Nothing is wrong here.</p></main></body></html>"""
BAD = GOOD.replace("<p>", '<img src="good.html"><script>alert(1)</script><p style="color:red">')
PASSKEY = """async () => {
  const made = await navigator.credentials.create({publicKey: {
    challenge: new Uint8Array(16), rp: {name: "trial"},
    user: {id: new Uint8Array(8), name: "a", displayName: "A"},
    pubKeyCredParams: [{type: "public-key", alg: -7}]}});
  return made.type;
}"""


class Strict(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def pages(tmp_path: Path):
    (tmp_path / "good.html").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.html").write_text(BAD, encoding="utf-8")
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Strict, directory=str(tmp_path))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    try:
        with browser.running() as running:
            yield running
    except FileNotFoundError as lack:
        left_out.leave_out(str(lack))


def test_a_good_page_is_calm_and_has_no_violation_under_a_strict_policy(chromium, pages):
    window = chromium.window(pages)
    window.open("/good.html")
    assert browser.axe(window.page) == []
    window.context.request.get(f"{pages}/favicon.ico")
    window.troubles[:] = [trouble for trouble in window.troubles if "404" not in trouble]
    window.calm()


def test_what_axe_finds_is_told_with_its_place(chromium, pages):
    window = chromium.window(pages)
    window.open("/bad.html")
    (found,) = browser.axe(window.page)
    assert found.startswith("image-alt (critical)")
    assert '<img src="good.html">' in found


def test_inline_scripts_and_styles_are_troubles(chromium, pages):
    window = chromium.window(pages)
    window.open("/bad.html")
    with pytest.raises(AssertionError) as troubles:
        window.calm()
    assert "script-src-elem refused inline" in str(troubles.value)
    assert "style-src-attr refused inline" in str(troubles.value)


def test_a_dialog_is_a_trouble(chromium, pages):
    window = chromium.window(pages)
    window.open("/good.html")
    window.page.evaluate("() => alert('from somebody else')")
    with pytest.raises(AssertionError, match="alert dialog: from somebody else"):
        window.calm()


def test_people_have_cookies_and_languages_of_their_own(chromium, pages):
    one, other = (
        chromium.window(pages, cookies={"sessionid": "one"}, language="zh-hant"),
        chromium.window(pages),
    )
    one.open("/good.html")
    other.open("/good.html")
    assert {cookie["value"] for cookie in one.context.cookies()} == {"one", "zh-hant"}
    assert one.page.evaluate("() => navigator.language") == "zh-TW"
    assert {cookie["value"] for cookie in other.context.cookies()} == {"en"}


def test_a_passkey_answers_by_itself(chromium, pages):
    window = chromium.window(pages)
    window.open("/good.html")
    window.passkey()
    assert window.page.evaluate(PASSKEY) == "public-key"
