"""What the arguments of each address are filled with, so that the matrix can ask for it.

For an address without arguments nothing is needed here. For one with arguments add ONE line under
the name that ``reverse`` takes: a function that gives the arguments, asked when the example desk
stands (``example_desk.py``; add a step there where it lacks a row to point at).
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps

Arguments = Callable[[], dict[str, Any]]


def first(model: str, **filters: Any) -> Any:
    """The first row of a model, such as ``first("deadlines.Deadline")``."""
    row = apps.get_model(model).objects.filter(**filters).order_by("pk").first()
    assert row is not None, (
        f"the example desk has no {model} with {filters}: add a step to "
        "tests/desk/matrix/example_desk.py"
    )
    return row


def kept(name: str) -> str:
    """A secret that the example desk was shown once, such as that of an invitation."""
    from tests.desk.matrix.example_desk import KEPT

    return KEPT[name]


def leaving() -> Any:
    """Somebody whose roles and access may be changed without ending the session that asks."""
    return first("accounts.User", email="leaving@example.org")


def passkey_of(person: Any) -> Any:
    """A person's passkey."""
    return first("mfa.Authenticator", type="webauthn", user=person)


def filing(state: str, **more: Any) -> dict[str, Any]:
    """The arguments for the filing that is in a state: sent, certified, ready or draft."""
    return {"pk": first("filings.Filing", state=state).pk} | more


def check() -> dict[str, Any]:
    """The arguments of the first finding of the draft."""
    from declarant.desk.filer.filings.checking import checks_of

    draft = first("filings.Filing", state="draft")
    return {"pk": draft.pk, "key": next((item.key for item in checks_of(draft)), "0" * 64)}


def statement() -> dict[str, Any]:
    """The arguments of the first statement that an officer is to make."""
    from declarant.desk.filer.filings.ticking import statements_of

    ready = first("filings.Filing", state="ready")
    return {"pk": ready.pk, "statement": statements_of(ready)[0].id}


def record(key: str = "atlas-2-pretraining", **filters: Any) -> dict[str, Any]:
    """The arguments of a record of the register."""
    from declarant.desk.filer.register.kinds import Kind

    row = first("register.Record", key=key, **filters)
    return {"kind": Kind(row.kind), "key": row.key}


def run_kind() -> dict[str, Any]:
    """The kind of records that runs are."""
    from declarant.desk.filer.register.kinds import Kind

    return {"kind": Kind.RUN}


def question() -> dict[str, Any]:
    """The arguments of a question that is being answered."""
    return {"pk": first("questions.Question", key="safety-other").pk}


def outgoing(kind: str, model: str, **more: Any) -> dict[str, Any]:
    """The arguments of an answer set or of a request for more time."""
    return {"kind": kind, "pk": first(model).pk} | more


def token_of(person: Any) -> Any:
    """A person's token of the API; anybody's where that person has none."""
    mine = apps.get_model("api.ApiToken").objects.filter(person=person).first()
    return mine or first("api.ApiToken")


def activity(**more: str) -> dict[str, Any]:
    """The arguments of the first activity that a law's determination names."""
    piece = first("assessment.Item", kind="regime", key="us-bis-702-7")
    named = piece.content["activities"][0]
    return {"regime": piece.key, "activity": named["activity"], "subject": named["id"]} | more


EXAMPLES: dict[str, Arguments] = {
    # accounts
    "accounts:withdraw": lambda: {"pk": first("accounts.Invitation").pk},
    "accounts:person": lambda: {"pk": leaving().pk},
    "accounts:grant": lambda: {"pk": leaving().pk},
    "accounts:end_role": lambda: {"pk": leaving().pk, "role": "preparer"},
    "accounts:close": lambda: {"pk": leaving().pk},
    "accounts:hand_over": lambda: {"pk": leaving().pk},
    "accounts:accept": lambda: {"secret": kept("invitation")},
    "account_reset_password_from_key": lambda: {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": lambda: {"provider_id": "example"},
    "openid_connect_callback": lambda: {"provider_id": "example"},
    # assessment
    "assessment:regime": lambda: {"regime": "us-bis-702-7"},
    "assessment:activity": activity,
    "assessment:choose": activity,
    # audit
    "audit:entry": lambda: {"index": 0},
    "audit:head": lambda: {"number": first("audit.Head").number},
    "audit:download": lambda: {"job_id": kept("export")},
    # clocks
    "deadlines:clock": lambda: {"pk": first("deadlines.Deadline").pk},
    "deadlines:assign": lambda: {"pk": first("deadlines.Deadline").pk},
    "deadlines:feed": lambda: {"secret": kept("feed")},
    # register
    "register:import": lambda: {"pk": first("register.Import").pk},
    "register:import_confirm": lambda: {"pk": first("register.Import").pk},
    "register:import_discard": lambda: {"pk": first("register.Import").pk},
    "register:evidence_file": lambda: {"pk": first("register.EvidenceFile").pk},
    "register:evidence_download": lambda: {"pk": first("register.EvidenceFile").pk},
    "register:evidence_remove": lambda: {"pk": first("register.EvidenceFile").pk},
    "register:add": run_kind,
    "register:add_yaml": run_kind,
    "register:records": run_kind,
    "register:record": record,
    "register:edit": record,
    "register:edit_yaml": record,
    "register:history": record,
    "register:export_record": lambda: record() | {"form": "csv"},
    "register:remove": record,
    "register:restore": lambda: record("miguel-ortega", active=False),
    # filings
    "filings:end_key": lambda: {"key_id": first("filings.SigningKey").pk},
    "filings:filing": lambda: filing("draft"),
    "filings:rebuild": lambda: filing("draft"),
    "filings:officer": lambda: filing("draft"),
    "filings:take_over": lambda: filing("draft"),
    "filings:discard": lambda: filing("draft"),
    "filings:correct": lambda: filing("sent"),
    "filings:checks": lambda: filing("draft"),
    "filings:confirm": check,
    "filings:hand_over": lambda: filing("draft"),
    "filings:give_back": lambda: filing("ready"),
    "filings:certify": lambda: filing("ready"),
    "filings:content": lambda: filing("ready"),
    "filings:upload_signed": lambda: filing("ready"),
    "filings:tick": statement,
    "filings:send": lambda: filing("certified"),
    "filings:by_hand": lambda: filing("certified"),
    "filings:file": lambda: filing("sent", name="form.pdf"),
    # questions
    "questions:arrival": lambda: {"pk": first("questions.Arrival").pk},
    "questions:message": lambda: {"pk": first("questions.Arrival").pk},
    "questions:receipt": lambda: {"pk": first("questions.Arrival").pk},
    "questions:set": lambda: {"pk": first("questions.QuestionSetRecord").pk},
    "questions:assign": lambda: {"pk": first("questions.QuestionSetRecord").pk},
    "questions:approve": lambda: {"pk": first("questions.QuestionSetRecord").pk},
    "questions:compose": lambda: {"pk": first("questions.QuestionSetRecord").pk},
    "questions:ask": lambda: {"pk": first("questions.QuestionSetRecord").pk},
    "questions:export": lambda: {"pk": first("questions.QuestionSetRecord").pk, "form": "csv"},
    "questions:offline": lambda: {"pk": first("questions.QuestionSetRecord").pk},
    "questions:take": lambda: {"pk": first("questions.QuestionSetRecord").pk, "form": "xlsx"},
    "questions:upload": lambda: {"pk": first("questions.OfflineUpload").pk},
    "questions:question": question,
    "questions:versions": question,
    "questions:work": question,
    "questions:review": question,
    "questions:remark": question,
    "questions:attach": question,
    "questions:export_answer": lambda: question() | {"form": "pdf"},
    "questions:rewrite_remark": lambda: {"pk": first("questions.Comment").pk},
    "questions:attachment": lambda: {"pk": first("questions.Attachment").pk},
    "questions:package": lambda: {"pk": first("questions.AnswerPackage").pk},
    "questions:extension": lambda: {"pk": first("questions.Extension").pk},
    "questions:decide": lambda: {"pk": first("questions.Extension").pk},
    "questions:decision": lambda: {"pk": first("questions.Extension").pk},
    "questions:certify": lambda: outgoing("answers", "questions.AnswerPackage"),
    "questions:send": lambda: outgoing("answers", "questions.AnswerPackage"),
    "questions:discard": lambda: outgoing("answers", "questions.AnswerPackage"),
    "questions:file": lambda: outgoing("extensions", "questions.Extension", which="message"),
    # work
    "work:progress": lambda: {"job_id": first("work.Job").pk},
    "work:cancel": lambda: {"job_id": first("work.Job").pk},
}
# Likewise, for what belongs to whoever asks: the function gets the person.
OWN: dict[str, Callable[[Any], dict[str, Any]]] = {
    "tokens:revoke": lambda person: {"pk": token_of(person).pk},
    "mfa_remove_webauthn": lambda person: {"pk": passkey_of(person).pk},
    "mfa_edit_webauthn": lambda person: {"pk": passkey_of(person).pk},
}

# Addresses of other packages that are refused to everybody on purpose: what they offer is not.
CLOSED = {
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "socialaccount_signup",
    "socialaccount_connections",
}

# What people who may only read post all the same, and why it changes nothing of what is reported.
ASKED_BY_READERS = {
    "assessment:again POST": "works out what follows from the register as it is",
    "audit:export POST": "takes the log away",
    "audit:verification POST": "has the log verified",
    "filings:give_back POST": "its preparer and its officer only, who share no power",
    "questions:discard POST": "its preparer and its officer only, who share no power",
    "work:cancel POST": "one's own work, or an editor anybody's",
}

# Addresses that send people who are signed in to the sign-in when what they post proves nothing.
SENDS_TO_SIGN_IN = {"mfa_reauthenticate_webauthn"}

# What a GET is answered with where that is not a page, a file or the way to one.
ANSWERS = {
    "openid_connect_login": 404,  # no provider is set up here
    "openid_connect_callback": 404,
    "socialaccount_login_error": 401,
    "api_nothing": 404,
    "questions:decision": 404,  # the agency decided by a signed message, not by a letter
}

# What is posted where nothing at all would not be asked of the view, by the name of the address.
POSTED: dict[str, Arguments] = {}


def posted(name: str) -> dict[str, Any]:
    """What is posted to an address."""
    return POSTED[name]() if name in POSTED else {}


# How many queries a page may make where it is not the usual number: every one above it is a page
# that must be looked at. No statement may be made again and again, whatever the number.
USUAL_QUERIES = 30
QUERIES: dict[str, int] = {}
MOST_REPEATS = 7  # so often a page of django-allauth asks whether there is a second factor
