"""From the example register to a notification that the agency has received."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.desk.journey.story import Story

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "cedar-ridge"
REASON = "Looked at again with the engineers, and found to be right as it stands."
PASSPHRASE = "correct horse battery staple"
MAILBOX = "filings@agency.example"


def importing(story: Story) -> None:
    """The engineer uploads the folder of the register, looks at what would change, takes it in."""
    erik = story.person("engineer")
    erik.goes("Register")
    erik.sees("The register is empty")
    erik.is_calm("11-empty-register")
    erik.follows("Import a folder")
    erik.uploads("Archive", "cedar-ridge.zip", _zipped(EXAMPLE))
    erik.is_calm("12-import")
    erik.presses("Upload and look at it")
    erik.reloads_until("Take it in")
    erik.sees("Atlas 2 pre-training")
    erik.is_calm("13-import-preview")
    erik.presses("Take it in")
    erik.reloads_until("It was taken in")
    erik.is_calm("14-import-done")


def looking(story: Story) -> None:
    """The counsel sees what is reportable; the engineer a run, a cluster and the evidence."""
    carmen, erik = story.person("certifying officer"), story.person("engineer")
    carmen.goes("Overview")
    carmen.reloads_until("Worked out as of")
    carmen.sees("Must be reported, or may have to be", "Atlas 2 pre-training", "Due next")
    carmen.is_calm("15-overview")
    erik.open("/register/runs/")
    erik.is_calm("16-runs")
    erik.follows("Atlas 2 pre-training")
    erik.sees("Totals by law", "Ledger", "Forecast")
    erik.is_calm("17-run")
    erik.open("/register/clusters/")
    erik.main.get_by_role("rowheader").get_by_role("link").first.click()
    erik.sees("As recorded")
    erik.is_calm("18-cluster")
    erik.open("/register/evidence/")
    erik.is_calm("19-evidence")
    erik.main.get_by_role("rowheader").get_by_role("link").first.click()
    erik.is_calm("20-evidence-file")


def choosing(story: Story) -> None:
    """The preparer reads the determination and chooses a reading, with a reason."""
    priya = story.person("preparer")
    priya.goes("Determination")
    priya.is_calm("21-determination")
    priya.follows(re.compile("proposed"))
    priya.is_calm("22-law")
    priya.follows("Atlas 2 pre-training")
    priya.sees("What would change the verdict")
    priya.is_calm("23-activity")
    priya.follows("Choose a reading for the filing")
    priya.field("Reading").select_option(index=1)
    priya.writes("Reason", REASON)
    priya.is_calm("24-choose-a-reading")
    priya.presses("Record the choice")
    priya.sees("The choice and its reason are recorded.", "Chosen for the filing", REASON)
    priya.is_calm("25-chosen")


def agency_and_key(story: Story) -> None:
    """The administrator enters the agency; the officer makes a signing key for trial."""
    ada, carmen = story.person("administrator"), story.person("certifying officer")
    ada.open("/filings/agency/")
    ada.writes("Name of the agency", "Bureau of Industry and Security")
    ada.writes("Mailbox for filings", MAILBOX)
    ada.uploads(
        "Certificate that signs what the agency sends", "agency.pem", story.agency.certificate
    )
    ada.presses("Record the agency")
    ada.sees("The agency is recorded.")
    ada.is_calm("26-agency")
    carmen.open("/filings/keys/")
    carmen.writes("Name for this key", "Key of this office")
    carmen.ticks("On this server, a new one for trial only")
    carmen.writes("New passphrase", PASSPHRASE)
    carmen.presses("Enter it")
    carmen.sees("The certificate is recorded.", "for trial only")
    carmen.is_calm("27-signing-keys")


def drafting(story: Story) -> None:
    """The preparer has the draft built, and gives a reason for whatever waits for one."""
    priya = story.person("preparer")
    priya.goes("Filings")
    priya.is_calm("28-filings-due")
    priya.follows("Start a draft")
    priya.chooses("Certifying officer", "Carmen Ortiz")
    priya.is_calm("29-start-a-draft")
    priya.presses("Build the draft")
    priya.reloads_until("Look at the checks")
    story.kept["filing"] = priya.path
    priya.sees("Atlas 2 pre-training")
    priya.is_calm("30-draft")
    priya.follows("Look at the checks")
    priya.is_calm("31-checks")
    while (asked := priya.main.get_by_role("button", name="Give this reason")).count():
        waiting = priya.main.locator("article", has=asked).first
        waiting.get_by_label(re.compile("^Reason")).fill(REASON)
        left = asked.count()
        waiting.get_by_role("button", name="Give this reason").click()
        priya.sees("The reason is recorded.")
        assert asked.count() == left - 1
    priya.is_calm("32-checks-settled")
    priya.open(story.kept["filing"])
    priya.presses("Hand over to Carmen Ortiz")
    priya.sees("The document waits for certification")
    priya.is_calm("33-handed-over")
    priya.follows("See what is certified")
    priya.sees("Only Carmen Ortiz can certify this filing.")
    priya.is_calm()
    story.waits_for_mail(story.person("certifying officer").email)


def certifying(story: Story) -> None:
    """The officer, another person, makes each statement, says again who she is, and signs."""
    carmen = story.person("certifying officer")
    carmen.signs_in_again()  # so that the page asks once more, however quickly she came here
    carmen.open(story.kept["filing"])
    carmen.follows("Read and certify")
    carmen.sees("Make every statement first.")
    carmen.is_calm("34-certify")
    while (left := carmen.main.get_by_role("button", name="I state this")).count():
        stated = left.count()
        left.first.click()
        carmen.page.wait_for_function(
            "count => document.querySelectorAll('#statements button.usa-button--outline').length"
            " < count",
            arg=stated,
        )
        carmen.page.wait_for_load_state()
    carmen.follows("Confirm that it is me")
    carmen.is_calm("35-confirm-access")
    carmen.confirms()
    carmen.writes("Passphrase of the key, or PIN of the token", PASSPHRASE)
    carmen.chooses("Then send it", re.compile("later"))
    carmen.is_calm("36-sign")
    carmen.presses("Certify and sign")
    carmen.sees("Certified. The signed message is kept as it is from now on.")
    carmen.is_calm("37-certified")


def sending(story: Story) -> None:
    """The preparer sends it by mail: it arrives once, and is valid to somebody else's eyes."""
    priya = story.person("preparer")
    priya.open(f"{story.kept['filing']}send/")
    priya.is_calm("38-send")
    priya.main.locator("form", has=priya.page.locator("input[name=way]")).get_by_role(
        "button"
    ).first.click()
    priya.sees("The message is on its way")
    message = story.waits_for_mail(MAILBOX).content
    priya.open(story.kept["filing"])
    priya.reloads_until("receipt is awaited")
    priya.is_calm("39-sent")
    story.kept["notification"] = message
    name, kept = priya.downloads(re.compile("igned message"))
    assert name.endswith(".eml")
    _declarant(story, "verify", kept, "--ignore-form")
    _declarant(story, "verify", message, "--ignore-form")
    assert len(story.mailed(MAILBOX)) == 1


def receiving(story: Story) -> None:
    """The agency's receipt is taken in and finds its filing."""
    priya = story.person("preparer")
    receipt = story.agency.receipts(story.kept["notification"])
    priya.goes("Filings", "Take in a receipt of the agency")
    priya.uploads("The agency's receipt", "receipt.eml", receipt)
    priya.is_calm("40-receipt")
    priya.presses("Take it in")
    priya.sees("The receipt is genuine", "Nothing is left to do")
    assert priya.path == story.kept["filing"]
    priya.is_calm("41-received")


def _zipped(folder: Path) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, Path(folder.name) / path.relative_to(folder))
    return written.getvalue()


def _declarant(story: Story, act: str, message: bytes, *options: str) -> None:
    """Let the command line judge a message, as whoever receives it would."""
    file = story.desk.home.parent / f"{act}.eml"
    file.write_bytes(message)
    command = [sys.executable, "-m", "declarant", act, str(file), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
