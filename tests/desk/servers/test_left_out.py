"""What a machine lacks is counted loudly, and fails where nothing may be lacking."""

import pytest
from tests.desk.servers import left_out


def test_each_lack_is_told_once_with_what_it_costs():
    reasons = [f"{left_out.MARK}no mail", f"{left_out.MARK}no browser: get one"] * 2
    reasons += [f"Skipped: {left_out.MARK}no mail", "something else"]
    assert left_out.summary(reasons) == [
        "LEFT OUT: 2 tests, no browser: get one",
        "LEFT OUT: 3 tests, no mail",
    ]


def test_a_lack_skips(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no mail"):
        left_out.leave_out("no mail")


def test_a_lack_fails_where_servers_are_required(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="no mail"):
        left_out.leave_out("no mail")
