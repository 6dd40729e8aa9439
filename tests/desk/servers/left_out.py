"""What a machine lacks: the tests that need it skip, and the end of the run says so loudly.

With ``REQUIRE_SERVERS=1``, as CI sets it, nothing is left out: an absence fails.
"""

import os
from typing import NoReturn

import pytest

MARK = "left out, "


def is_required() -> bool:
    """Whether an absence is a failure."""
    return bool(os.environ.get("REQUIRE_SERVERS"))


def leave_out(lack: str) -> NoReturn:
    """Skip the test that needs it, or fail it; ``lack`` says what and how to mend it."""
    if is_required():
        pytest.fail(f"{lack} (REQUIRE_SERVERS is set)", pytrace=False)
    pytest.skip(MARK + lack)


def summary(reasons: list[str]) -> list[str]:
    """One loud line for each lack, with the number of tests it costs."""
    lacks = [reason.partition(MARK)[2] for reason in reasons if MARK in reason]
    return [
        f"LEFT OUT: {lacks.count(lack)} {'test' if lacks.count(lack) == 1 else 'tests'}, {lack}"
        for lack in sorted(set(lacks))
    ]
