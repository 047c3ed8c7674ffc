"""Every setting, declared once: its name, its default, how it is read and what it is for."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .spelling import (
    bucket_url,
    database_url,
    font_file,
    limiter_url,
    listening,
    long_enough,
    mail_url,
    mailbox,
    one_of,
    origin,
    redis_url,
    secrets_list,
    web_address,
    whole,
)

PREFIX = "VENTANILLA_"


class ConfigurationError(Exception):
    """One or more settings are missing or wrong. The text names each and what to write."""


@dataclass(frozen=True)
class Setting:
    """One thing an operator can choose. A default of ``None`` means it is required."""

    name: str
    default: Any
    help: str
    parse: Callable[[str], Any] = str


SETTINGS = (
    Setting(
        "SECRET_KEY",
        None,
        "Signs sessions and links. Several, separated by commas: the first signs, all verify.",
        secrets_list,
    ),
    Setting(
        "DATABASE_URL",
        "sqlite:///ventanilla.db",
        "Where tickets are kept: `sqlite:///file.db` or `postgresql://…`.",
        database_url,
    ),
    Setting(
        "DATABASE_POOL",
        20,
        "PostgreSQL connections one process opens at most.",
        whole(1, 1_000),
    ),
    Setting(
        "DATABASE_TIMEOUT",
        30,
        "Seconds a PostgreSQL statement may take; `0` leaves it to the server.",
        whole(0, 3_600),
    ),
    Setting(
        "FILES_DIR",
        Path("files"),
        "Folder for uploaded files; with `VENTANILLA_FILES_URL`, only while they come in.",
        Path,
    ),
    Setting(
        "FILES_URL",
        "",
        "Bucket for uploaded files: `s3://bucket/prefix`. Empty: they stay in the folder.",
        bucket_url,
    ),
    Setting(
        "FILES_ENDPOINT",
        "",
        "Where the bucket's server answers: `https://s3.example.com`. Empty: Amazon's.",
        lambda text: origin(text) if text else "",
    ),
    Setting("FILES_REGION", "us-east-1", "The bucket's region."),
    Setting("FILES_KEY", "", "The bucket's access key. Empty: boto3 looks where it always does."),
    Setting("FILES_SECRET", "", "The secret that goes with it."),
    Setting(
        "FILES_DOWNLOADS",
        "proxied",
        "`proxied` sends files through this server, with every header of ours; `presigned` lets"
        " browsers fetch them from the bucket, by an address good for a minute.",
        one_of("proxied", "presigned"),
    ),
    Setting(
        "SERVER_URL",
        "http://127.0.0.1:8700",
        "The origin under which browsers reach this server.",
        origin,
    ),
    Setting("HOST", "127.0.0.1", "Address to listen on.", listening),
    Setting("PORT", 8700, "Port to listen on.", whole(1, 65_535)),
    Setting("THREADS", 4, "Requests answered at the same time by one process.", whole(1, 256)),
    Setting("PROCESSES", 1, "App processes; more than one needs PostgreSQL.", whole(1, 64)),
    Setting(
        "WORKER",
        "embedded",
        "`embedded` runs jobs inside the server; `separate` leaves them to `ventanilla worker`.",
        one_of("embedded", "separate"),
    ),
    Setting(
        "RATE_LIMIT_URL",
        "memory://",
        "Where request counts are kept: `memory://` or `redis://…`.",
        limiter_url,
    ),
    Setting(
        "REDIS_URL",
        "",
        "Where several processes wake one another: `redis://…`. Empty: each looks by itself.",
        redis_url,
    ),
    Setting(
        "TRUSTED_PROXIES",
        0,
        "How many proxies in front of the server set X-Forwarded-For.",
        whole(0, 10),
    ),
    Setting(
        "SESSION_TTL", 43_200, "Seconds a signed-in user's session lasts.", whole(60, 2_592_000)
    ),
    Setting(
        "VISITOR_TTL",
        2_592_000,
        "Seconds a visitor's session lasts.",
        whole(60, 31_536_000),
    ),
    Setting(
        "SMTP_URL",
        "",
        "Where mail goes out: `smtps://user:password@host`, or `smtp://…` with STARTTLS"
        " (`?tls=none` does without), or `folder:/path` to look at. Empty: none is sent.",
        mail_url("smtps", "smtp", "folder"),
    ),
    Setting("MAIL_FROM", "", "Who mail is from: `Help <help@example.com>`.", mailbox),
    Setting(
        "MAIL_REPLY_TO",
        "",
        "Mailbox that takes answers, 10 characters before the @ at most; a token is added.",
        mailbox,
    ),
    Setting(
        "IMAP_URL",
        "",
        "Mailbox that is read: `imaps://user:password@host/INBOX`, or `imap://…` with STARTTLS.",
        mail_url("imaps", "imap"),
    ),
    Setting(
        "MAIL_HOOK_SECRET",
        "",
        "Secret in the address mail providers post to: `/hooks/mail/postmark?secret=…`.",
    ),
    Setting("MAILGUN_KEY", "", "Mailgun's webhook signing key."),
    Setting(
        "MAIL_AUTHSERV",
        "",
        "Name your mail server signs `Authentication-Results` with; only those are believed.",
    ),
    Setting(
        "PROOF_COST",
        100_000,
        "Hashes a visitor's browser tries at most before it may file; a phone does it in a second.",
        whole(1, 10_000_000),
    ),
    Setting(
        "PROOF_SECONDS",
        3,
        "Seconds a visitor's form is open at least; nobody writes faster.",
        whole(0, 60),
    ),
    Setting(
        "STRIPE_KEY",
        "",
        "Stripe's secret key, for sites that switch Stripe on and have none of their own.",
    ),
    Setting("STRIPE_HOOK_SECRET", "", "The signing secret that goes with it: `whsec_…`."),
    Setting("STRIPE_URL", "https://api.stripe.com", "Where Stripe answers.", origin),
    Setting(
        "OUTBOUND_LOOPBACK",
        "refuse",
        "`allow` lets webhooks reach this machine, over http too; for development only.",
        one_of("refuse", "allow"),
    ),
    Setting(
        "ANSWER_URL",
        "",
        "An OpenAI-compatible server that writes answers for sites that switch it on:"
        " `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`.",
        web_address,
    ),
    Setting("ANSWER_MODEL", "", "The model it is asked for."),
    Setting("ANSWER_KEY", "", "Its key, if it wants one."),
    Setting(
        "ANSWER_MS",
        2_500,
        "Milliseconds such a server has for its first word, and for a pause.",
        whole(100, 60_000),
    ),
    Setting(
        "DOCUMENT_FONT",
        "",
        "Font file for letters that quotes as PDF cannot show else, such as Chinese: `.ttf`,"
        " `.otf` or `.ttc`. Empty: Noto Sans CJK where the system has it.",
        font_file,
    ),
    Setting("FILE_BYTES", 26_214_400, "Largest file accepted, in bytes.", whole(1, 1 << 32)),
    Setting(
        "LOG_LEVEL",
        "info",
        "How much is logged: `debug`, `info`, `warning` or `error`.",
        one_of("debug", "info", "warning", "error"),
    ),
    Setting(
        "UNDO_SECONDS",
        10,
        "Seconds an agent can take a reply back before it is sent; `0` sends at once.",
        whole(0, 60),
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        "Bearer token for `/metrics`. Empty: only this machine may ask.",
        long_enough,
    ),
    Setting("LOG_FORMAT", "json", "How it is logged: `json` or `text`.", one_of("json", "text")),
)


def load(
    environ: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return every setting, typed.

    Raises :exc:`ConfigurationError` naming *all* that is missing or wrong, not only the first.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    faults: list[str] = []
    overrides = overrides or {}
    for setting in SETTINGS:
        if setting.name in overrides:
            values[setting.name] = overrides[setting.name]
            continue
        raw = environ.get(PREFIX + setting.name)
        try:
            values[setting.name] = setting.default if raw is None else setting.parse(raw)
        except ValueError as error:
            faults.append(f"{PREFIX}{setting.name}: {error}")
            continue
        if values[setting.name] is None:
            faults.append(f"{PREFIX}{setting.name} is not set. {setting.help}")
    known = {setting.name for setting in SETTINGS}
    faults += [f"{name} is not a setting" for name in sorted(set(overrides) - known)]
    faults += [
        f"{name} is not a setting; see the README for their names"
        for name in sorted(environ)
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in known
    ]
    faults += _contradictions(values)
    if faults:
        raise ConfigurationError("\n".join(faults))
    return values


#: Which setting's address needs which package, and the extra that brings it.
EXTRAS = (
    ("DATABASE_URL", "postgresql:", "psycopg", "postgres"),
    ("FILES_URL", "s3:", "boto3", "s3"),
    ("RATE_LIMIT_URL", "redis", "redis", "redis"),
    ("REDIS_URL", "redis", "redis", "redis"),
)


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    faults = [
        f"{PREFIX}{name}: needs a package; run pip install 'ventanilla[{extra}]'"
        for name, address, package, extra in EXTRAS
        if values.get(name, "").startswith(address) and find_spec(package) is None
    ]
    if values.get("PROCESSES", 1) > 1 and values.get("DATABASE_URL", "").startswith("sqlite"):
        faults.append(f"{PREFIX}PROCESSES: SQLite serves one process; set {PREFIX}DATABASE_URL too")
    return faults
