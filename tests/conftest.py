"""What every test may use."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.desk.session"]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of public sample files beside the checkout; the test skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of public samples is not beside this checkout")
    return folder
