"""Reports of letters that did not arrive, in the shape each program gives them.

``BOUNCES`` maps a name to the raw mail and what it says: recipient, permanent, status.
"""

ORIGINAL = "<-OkT0dZ9aB_c1dE2fG3hI4jK@shop.example>"
ANA = "ana@mail.example"


def report(sender, subject, text, status, *, returned="text/rfc822-headers", more="", top=""):
    """Return a report by the standard: words, fields for programs, and the letter's headers."""
    return f"""\
Return-Path: <>
From: {sender}
To: reply@shop.example
Subject: {subject}
Auto-Submitted: auto-replied
{top}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="=_report.1"

This is a MIME-encapsulated message.

--=_report.1
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}

--=_report.1
Content-Description: Delivery report
Content-Type: message/delivery-status

{status}
--=_report.1
Content-Type: {returned}

From: Shop <help@shop.example>
To: {ANA}
Subject: Re: [#12] Order
Message-ID: {ORIGINAL}
{more}
--=_report.1--
"""


def plain(sender, subject, text, top=""):
    return f"""\
Return-Path: <>
From: {sender}
To: reply@shop.example
Subject: {subject}
{top}
{text}
"""


COPY = (
    f"From: Shop <help@shop.example>\nTo: {ANA}\nMessage-ID: {ORIGINAL}\nSubject: Re: Order\n\nHi"
)

BOUNCES = {
    "postfix": (
        report(
            "MAILER-DAEMON@mx.example (Mail Delivery System)",
            "Undelivered Mail Returned to Sender",
            "This is the mail system at host mx.example.\n\nFor further assistance, please send mail"
            " to postmaster.\n\n<ana@mail.example>: host mx.mail.example[192.0.2.7] said: 550 5.1.1\n"
            "    <ana@mail.example>: Recipient address rejected: User unknown",
            "Reporting-MTA: dns; mx.example\nX-Postfix-Queue-ID: 4Yx\nArrival-Date: Mon, 23 Nov 2026"
            "\n\nFinal-Recipient: rfc822; ana@mail.example\nOriginal-Recipient: rfc822;ana@mail.example"
            "\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.mail.example\n"
            "Diagnostic-Code: smtp; 550 5.1.1 <ana@mail.example>: Recipient\n    address rejected\n",
        ),
        (ANA, True, "5.1.1"),
    ),
    "postfix, delayed": (
        report(
            "MAILER-DAEMON@mx.example",
            "Delayed Mail (still being retried)",
            "####################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #",
            "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ana@mail.example\n"
            "Action: delayed\nStatus: 4.4.1\nWill-Retry-Until: Sat, 28 Nov 2026 12:00:00 +0100\n",
        ),
        (ANA, False, "4.4.1"),
    ),
    "exchange online": (
        report(
            "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@corp.example>",
            "Undeliverable: Re: [#12] Order",
            "Your message to ana@mail.example couldn't be delivered.",
            "Reporting-MTA: dns;AM0PR0.eurprd.example\nReceived-From-MTA: dns;x\n\n"
            "Final-Recipient: rfc822;Ana@Mail.Example\nAction: failed\nStatus: 5.1.10\n"
            "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found\n",
            returned="message/rfc822",
            more="\nHi",
        ).replace("Return-Path: <>\n", ""),
        (ANA, True, "5.1.10"),
    ),
    "gmail": (
        report(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "Delivery Status Notification (Failure)",
            "** Address not found **\n\nYour message wasn't delivered to ana@mail.example",
            "Reporting-MTA: dns; googlemail.com\nArrival-Date: Mon, 23 Nov 2026 03:12:01 -0800 (PST)"
            "\nX-Original-Message-ID: <another@x.example>\n\nFinal-Recipient: rfc822; ana@mail.example"
            "\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 The email account\n"
            " does not exist.\nLast-Attempt-Date: Mon, 23 Nov 2026 03:12:02 -0800 (PST)\n",
            returned="message/rfc822",
            top="X-Failed-Recipients: ana@mail.example\n",
        ),
        (ANA, True, "5.1.1"),
    ),
    "gmail, delayed": (
        report(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "Delivery Status Notification (Delay)",
            "** Delivery incomplete **\n\nThere was a temporary problem. Gmail will retry for 46 hours.",
            "Reporting-MTA: dns; googlemail.com\n\nFinal-Recipient: rfc822; ana@mail.example\n"
            "Action: delayed\nStatus: 4.4.2\nDiagnostic-Code: smtp; timed out\n",
        ),
        (ANA, False, "4.4.2"),
    ),
    "sendmail": (
        report(
            "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
            "Returned mail: see transcript for details",
            "   ----- The following addresses had permanent fatal errors -----\n<ana@mail.example>",
            "Reporting-MTA: dns; mx.example\nReceived-From-MTA: DNS; shop.example\n\n"
            "Final-Recipient: RFC822; ana@mail.example\nAction: failed\nStatus: 5.3.0\n",
            returned="message/rfc822",
            more="\nHi",
        ),
        (ANA, True, "5.3.0"),
    ),
    "mailbox full, given up": (
        report(
            "MAILER-DAEMON@mx.example",
            "Undelivered Mail Returned to Sender",
            "over quota",
            "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ana@mail.example\n"
            "Action: failed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 over quota\n",
        ),
        (ANA, False, "4.2.2"),
    ),
    "two recipients, the second failed": (
        report(
            "MAILER-DAEMON@mx.example",
            "Delivery report",
            "One arrived and one did not.",
            "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; luis@mail.example\n"
            "Action: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; ana@mail.example\n"
            "Action: failed\nStatus: 5.7.1\n",
        ),
        (ANA, True, "5.7.1"),
    ),
    "no status, no letter": (
        report(
            "postmaster@mx.example",
            "Delivery failure",
            f"The letter {COPY}",
            "Reporting-MTA: dns; mx.example\n\nOriginal-Recipient: rfc822; ana@mail.example\n"
            "Action: failed\n",
        ).replace("Content-Type: text/rfc822-headers", "Content-Type: application/octet-stream"),
        (ANA, True, None),
    ),
    "exim": (
        plain(
            "Mail Delivery System <Mailer-Daemon@mx.example>",
            "Mail delivery failed: returning message to sender",
            "This message was created automatically by mail delivery software.\n\nA message that you"
            " sent could not be delivered to one or more of its\nrecipients. This is a permanent"
            " error. The following address(es) failed:\n\n  ana@mail.example\n    host mx.mail.example"
            " [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<ana@mail.example>:\n"
            "    550 5.1.1 No such user: retry timeout exceeded\n\n------ This is a copy of the"
            f" message, including all the headers. ------\n\n{COPY}",
            top="X-Failed-Recipients: ana@mail.example\nAuto-Submitted: auto-replied\n",
        ),
        (ANA, True, "5.1.1"),
    ),
    "exim, delayed": (
        plain(
            "Mail Delivery System <Mailer-Daemon@mx.example>",
            "Warning: message 1abCdE-000123-Xy delayed 24 hours",
            "This message was created automatically by mail delivery software.\nA message that you sent"
            " has not yet been delivered to one or more of its\nrecipients after more than 24 hours.\n\n"
            "  ana@mail.example\n    Delay reason: connection refused\n\nNo action is required on your"
            f" part. Delivery attempts will continue.\n\n{COPY}",
        ),
        (ANA, False, None),
    ),
    "qmail": (
        plain(
            "MAILER-DAEMON@mx.example",
            "failure notice",
            "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your"
            " message to the following addresses.\n\n<ana@mail.example>:\n192.0.2.7 does not like"
            " recipient.\nRemote host said: 511 sorry, no mailbox here by that name (#5.1.1 - chkuser)\n"
            f"Giving up.\n\n--- Below this line is a copy of the message.\n\n{COPY}",
        ),
        (ANA, True, "5.1.1"),
    ),
    "exchange, Spanish, as text": (
        plain(
            "postmaster@corp.example",
            "=?utf-8?B?Tm8gc2UgcHVkbyBlbnRyZWdhcjogUmU6IFBlZGlkbw==?=",
            "No se pudo entregar el mensaje a ana@mail.example\n\nEl buzón está lleno. 552 5.2.2",
            top=f"In-Reply-To: {ORIGINAL}\nContent-Type: text/plain; charset=utf-8\n",
        ),
        (ANA, True, "5.2.2"),
    ),
    "web mail, German, as HTML": (
        plain(
            "mailer-daemon@gmx.example",
            "Unzustellbar: Re: Bestellung",
            "<p>Ihre Nachricht an <b>ana@mail.example</b> wurde nicht zugestellt.<br>550 Requested"
            f" action not taken: mailbox unavailable</p><pre>Message-ID: {ORIGINAL}</pre>".replace(
                ORIGINAL, ORIGINAL.replace("<", "&lt;").replace(">", "&gt;")
            ),
            top="Content-Type: text/html; charset=utf-8\n",
        ),
        (ANA, True, None),
    ),
    "japanese": (
        plain(
            "Postmaster@mail.example",
            "=?iso-2022-jp?B?GyRCR1s/LklURz0bKEI=?=",
            "ana@mail.example: 550 Unknown user\n\n" + COPY,
        ),
        (ANA, True, None),
    ),
}

ARRIVED = report(
    "MAILER-DAEMON@mx.example",
    "Successful Mail Delivery Report",
    "Your message was successfully delivered.",
    "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ana@mail.example\n"
    "Action: delivered\nStatus: 2.0.0\n",
)

#: A person who passes on a report they got, with it in their mail.
PASSED_ON = (
    BOUNCES["postfix"][0]
    .replace("Return-Path: <>\n", "Return-Path: <luis@mail.example>\n")
    .replace("Auto-Submitted: auto-replied\n", "")
    .replace("MAILER-DAEMON@mx.example (Mail Delivery System)", "Luis <luis@mail.example>")
    .replace("multipart/report; report-type=delivery-status;", "multipart/mixed;")
)
