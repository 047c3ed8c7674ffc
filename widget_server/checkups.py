"""What `ventanilla doctor` looks at beside the settings: mail, clocks, proxies, work that waits."""

import time
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from . import jobs
from .clock import utcnow
from .config import PREFIX
from .database import is_sqlite, query
from .mail import mailbox, transport
from .orders.views import EXTRA, Documents

#: Seconds another clock may differ: identities are refused past a minute.
SKEW = 5

#: Seconds to wait for our own address to answer.
PATIENCE = 5


class Advice(Exception):
    """It works, but somebody should look at it."""


def secret(settings: dict[str, Any]) -> str:
    """Raise unless every key looks random."""
    for number, key in enumerate(settings["SECRET_KEY"], 1):
        if len(set(key)) < 12 or any(key.count(mark) > len(key) / 3 for mark in set(key)):
            raise RuntimeError(
                f"key {number} of {PREFIX}SECRET_KEY looks typed; put a new one in front:"
                " python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
    return f"{len(settings['SECRET_KEY'])} in use, random by their looks"


def documents(_: dict[str, Any]) -> str:
    """Can quotes and orders be downloaded as PDF?"""
    if Documents.can_be_made():
        return "quotes and orders are there as PDF"
    if query("SELECT 1 FROM quote LIMIT 1"):
        raise Advice(f"quotes have no PDF; run pip install 'ventanilla[{EXTRA}]'")
    return f"no PDF, and no quotes; pip install 'ventanilla[{EXTRA}]' brings it"


def sending(settings: dict[str, Any]) -> str:
    """Connect to the mail server and sign in."""
    url = settings["SMTP_URL"]
    if not url:
        raise Advice(f"nobody is mailed; set {PREFIX}SMTP_URL and {PREFIX}MAIL_FROM")
    if not settings["MAIL_FROM"]:
        raise RuntimeError(f"set {PREFIX}MAIL_FROM: Help <help@example.com>")
    way = transport.transport(url)
    try:
        way.check()
    except (transport.Temporary, transport.Refused) as error:
        raise RuntimeError(f"{error}; see {PREFIX}SMTP_URL") from error
    finally:
        way.close()
    return f"{way.where} takes letters"


def receiving(settings: dict[str, Any]) -> str:
    """Look into the mailbox."""
    if not settings["IMAP_URL"]:
        return "no mailbox is read"
    if not settings["MAIL_REPLY_TO"]:
        raise Advice(f"set {PREFIX}MAIL_REPLY_TO, or answers by mail name no request")
    try:
        count = mailbox.check(settings["IMAP_URL"])
    except Exception as error:
        raise RuntimeError(f"the mailbox cannot be read: {error}; see {PREFIX}IMAP_URL") from error
    return f"the mailbox can be read and holds {count}"


def proxies(settings: dict[str, Any]) -> str:
    """Compare the address browsers use with the number of proxies that are believed."""
    hops, url = settings["TRUSTED_PROXIES"], settings["SERVER_URL"]
    if url.startswith("https://") and not hops:
        raise RuntimeError(
            f"{url} is encrypted, so a proxy is in front; set {PREFIX}TRUSTED_PROXIES=1, or all"
            " visitors count as one address"
        )
    if hops and settings["HOST"] not in {"127.0.0.1", "::1", "localhost"}:
        raise Advice(
            f"whoever reaches {settings['HOST']}:{settings['PORT']} past the proxy may claim any"
            f" address; let only the proxy through, or set {PREFIX}HOST=127.0.0.1"
        )
    return f"{hops} believed"


def reachable(settings: dict[str, Any]) -> str:
    """Ask our own public address, and compare its clock with this one."""
    url = f"{settings['SERVER_URL']}/health"
    try:
        answer = requests.get(url, timeout=PATIENCE, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        raise RuntimeError(f"the certificate of {url} is not accepted: {error}") from error
    except requests.RequestException as error:
        raise Advice(
            f"nobody answers at {url} from here; if the server runs, look at its name in DNS, the"
            f" proxy and the firewall ({type(error).__name__})"
        ) from error
    if answer.status_code != 200 or answer.text.strip() != '{"status":"ok"}':
        raise RuntimeError(
            f"something else answers at {url} (status {answer.status_code}); see {PREFIX}SERVER_URL"
        )
    _compare_clock(answer.headers.get("Date"), url)
    return f"{url} answers"


def _compare_clock(date: str | None, whose: str) -> None:
    if date and abs((parsedate_to_datetime(date) - utcnow()).total_seconds()) > SKEW:
        raise RuntimeError(f"the clock of {whose} differs; keep both in time with NTP (chrony)")


def clock(settings: dict[str, Any]) -> str:
    """Compare this machine's clock with the database's."""
    if is_sqlite():
        return "the only one"
    before = time.time()
    (theirs,) = query("SELECT extract(epoch FROM clock_timestamp())")[0]
    differs = float(theirs) - (before + time.time()) / 2
    if abs(differs) > SKEW:
        raise RuntimeError(
            f"the database's clock differs by {differs:.0f} s; keep both in time with NTP (chrony)"
        )
    return "the database's clock agrees"


def worker(settings: dict[str, Any]) -> str:
    """Are jobs being done?"""
    known = query("SELECT count(*) FROM job WHERE unique_key LIKE ?", "schedule:%")[0][0]
    if not known:
        raise Advice("no worker has run here yet; `ventanilla serve` brings one unless told not to")
    wait = jobs.oldest_wait().total_seconds()
    if wait > 180:
        how = "`ventanilla worker`" if settings["WORKER"] == "separate" else "`ventanilla serve`"
        raise RuntimeError(f"a job has been waiting for {wait:.0f} s; start {how}")
    return "jobs are being done"


def leftovers(settings: dict[str, Any]) -> str:
    """Is there work that was given up?"""
    dead = query("SELECT count(*) FROM job WHERE dead_at IS NOT NULL")[0][0]
    letters = query(
        "SELECT count(*) FROM (SELECT 1 FROM mail WHERE failed_at IS NOT NULL LIMIT 1000) failed"
    )[0][0]
    found = []
    if dead:
        found.append(f"{dead} jobs were given up: `ventanilla jobs list --dead`, then `jobs retry`")
    if letters:
        found.append(f"{letters} letters failed: see E-mail in the console")
    if found:
        raise Advice("; ".join(found))
    return "nothing was given up"


def people(settings: dict[str, Any]) -> str:
    """Can anybody sign in, and is there a site?"""
    able = query(
        "SELECT count(*) FROM agent WHERE role = 'administrator' AND disabled_at IS NULL"
        " AND password_hash <> ''"
    )[0][0]
    if not able:
        raise RuntimeError("no administrator can sign in; run `ventanilla agent add`")
    sites = query("SELECT count(*) FROM site")[0][0]
    if not sites:
        raise Advice("there is no site yet; run `ventanilla site add`")
    return f"administrators: {able}, sites: {sites}"
