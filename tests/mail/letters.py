"""Mails as people's programs write them."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import make_msgid


def reply_to(letter, body, *, sender=None, html=None, files=(), **headers):
    """Return the raw answer somebody's mail program makes of a letter, quoting it as Gmail does."""
    quoted = "\n".join(
        f"> {line}" for line in letter.get_body(("plain",)).get_content().split("\n")
    )
    answer = EmailMessage()
    answer["From"] = sender or letter["To"]
    answer["To"] = letter["Reply-To"] or letter["From"]
    answer["Subject"] = f"Re: {letter['Subject'].removeprefix('Re: ')}"
    answer["Message-ID"] = headers.pop("message_id", None) or make_msgid(domain="mail.example")
    answer["In-Reply-To"] = letter["Message-ID"]
    answer["References"] = f"{letter['References'] or ''} {letter['Message-ID']}".strip()
    answer["Date"] = "Mon, 23 Nov 2026 12:00:00 +0100"
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    answer.set_content(
        f"{body}\n\nEl lun, 23 nov 2026 a las 11:59, Shop (<{letter['From'].addresses[0].addr_spec}>)"
        f"\nescribió:\n\n{quoted}\n"
    )
    if html:
        answer.add_alternative(html, subtype="html")
    for name, content, kind in files:
        main, sub = kind.split("/")
        answer.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return answer.as_bytes()


def fresh(sender, to, subject="Hello", body="It does not work.", **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = headers.pop("message_id", None) or make_msgid(domain="mail.example")
    mail["Date"] = "Mon, 23 Nov 2026 12:00:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


def with_file(raw, name, content, kind):
    """Return a mail with a file attached."""
    mail = message_from_bytes(raw, policy=default)
    main, sub = kind.split("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()
