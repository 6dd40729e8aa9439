"""A whole quarter in a real browser, with real mail, at a real desk of two processes.

One story in chapters: each test is one, and needs those before it. Asked for alone, a chapter plays
the earlier ones first; after one that failed, the later ones fail at once and name it.
Every page is kept as a picture in build/screenshots/journey-*.png.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.desk.journey import afterwards, answering, joining, reporting
from tests.desk.journey.story import Story
from tests.desk.servers import desk as desks
from tests.desk.servers import smtp
from tests.desk.servers.browser import Browser

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.xdist_group("journey")]
Chapter = Callable[[Story], None]

CHAPTERS: list[Chapter] = [
    joining.first_start,
    joining.signing_in_with_a_passkey,
    joining.inviting,
    reporting.importing,
    reporting.looking,
    reporting.choosing,
    reporting.agency_and_key,
    reporting.drafting,
    reporting.certifying,
    reporting.sending,
    reporting.receiving,
    answering.asked,
    answering.answered,
    answering.off_line,
    answering.approved,
    answering.composed,
    answering.corrected,
    answering.more_time,
    afterwards.clocks,
    afterwards.searching,
    afterwards.auditing,
    afterwards.in_chinese,
]


class Telling:
    """The story as far as it has been told."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.told: list[Chapter] = []
        self.broken: Chapter | None = None

    def up_to(self, chapter: Chapter) -> None:
        """Tell everything up to and with a chapter."""
        if self.broken:
            pytest.fail(f"the story broke off at {self.broken.__name__}", pytrace=False)
        for each in CHAPTERS[len(self.told) : CHAPTERS.index(chapter) + 1]:
            self.broken = each
            each(self.story)
            self.broken = None
            self.told.append(each)


@pytest.fixture(scope="module")
def telling(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, shared_folder: Path
) -> Iterator[Telling]:
    """One desk and one mail server for all chapters."""
    folder = tmp_path_factory.mktemp("journey")
    with smtp.serving(folder) as mail:
        settings = {"DECLARANT_MAIL": mail.url, "DECLARANT_MAIL_FROM": "desk@cedar-ridge.example"}
        desk = desks.prepare(folder, shared_folder, settings=settings)
        try:
            yield Telling(Story(desk.start(), mail, browser))
        finally:
            desk.stop()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.__name__)
def test_the_quarter(telling: Telling, chapter: Chapter) -> None:
    telling.up_to(chapter)
