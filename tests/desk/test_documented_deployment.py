"""docs/how-to/deploy.md, done as it is written on a real PostgreSQL, with other paths and ports."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.desk.servers.left_out import leave_out

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "deploy.md").read_text()
SHELL = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
INI = re.findall(r"^```ini\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
pytestmark = [pytest.mark.once, pytest.mark.slow]


@pytest.fixture
def deployment(tmp_path, cluster, smtp_server):
    """Write the page's settings for this machine; return what turns its text into ours."""
    if shutil.which("pg_dump") is None:
        leave_out("pg_dump is not installed: Debian package postgresql-client")
    root = tmp_path / "srv"
    (root / "venv" / "bin").mkdir(parents=True)
    for name in ("declarant", "gunicorn"):
        (root / "venv" / "bin" / name).symlink_to(Path(sys.executable).parent / name)

    database = cluster.create("deployment")

    def ours(text: str) -> str:
        return (
            text.replace("/srv/declarant", str(root))
            .replace("postgresql:///declarant", database)
            .replace("smtp+starttls://desk:secret@mail.example.org:587", smtp_server.url)
        )

    (root / "desk.env").write_text("".join(f"{line}\n" for line in ours(INI[0]).splitlines()))
    clean = {name: value for name, value in os.environ.items() if "DECLARANT" not in name}

    def run(block: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", ours(block)],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return root, ours, run, clean


def starts(command: str, root: Path, environment: dict[str, str]) -> subprocess.Popen:
    script = f"set -a; . {root}/desk.env; set +a; exec {command}"
    return subprocess.Popen(["bash", "-euc", script], env=environment)


def asked(path: str, port: int, **headers: str) -> urllib.request.Request:
    return urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": "desk.example.org", **headers}
    )


def answers(request: urllib.request.Request, seconds: float = 150) -> bytes:
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def free_port() -> int:
    import socket

    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


@pytest.mark.django_db
def test_the_page_is_true(deployment):
    root, ours, run, environment = deployment
    _install, setting_up, backing_up, _upgrading = SHELL
    link = run(setting_up).strip().splitlines()[-1]
    assert link.startswith("https://desk.example.org/account/invitation/")
    web_line = re.search(r"^ExecStart=(.*gunicorn.*)$", ours(INI[1]), re.MULTILINE)[1]
    work_line = re.search(r"^ExecStart=(.*)$", ours(INI[2]), re.MULTILINE)[1]
    port = free_port()
    web = starts(web_line.replace("8600", str(port)), root, environment)
    worker = starts(work_line, root, environment)
    try:
        https = {"X-Forwarded-Proto": "https"}
        page = answers(asked("/account/login/", port, **https)).decode()
        assert "Sign in" in page
        style = re.search(r'href="(/static/desk/desk\.[0-9a-f]+\.css)"', page)[1]
        assert len(answers(asked(style, port, **https))) > 1000
        assert (
            "Welcome"
            in answers(asked(link.removeprefix("https://desk.example.org"), port, **https)).decode()
        )
        assert worker.poll() is None
        said = run(backing_up)
        assert said
    finally:
        for process in (web, worker):
            process.terminate()
            process.wait(30)
