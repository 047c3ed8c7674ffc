"""What machines send, as headers; ``MACHINES`` maps a name to them and what is made of it."""

OURS = {"help@shop.example", "reply@shop.example"}

MACHINES = {
    "vacation(1)": (
        "Subject: Re: [#12] Order\nAuto-Submitted: auto-replied\nPrecedence: bulk", "auto-reply",
    ),
    "vacation, with a comment": ("Auto-Submitted: Auto-Replied (vacation)", "auto-reply"),
    "a ticket system": ("Auto-Submitted: auto-generated; owner=x", "auto-reply"),
    "Exchange": (
        "Subject: Automatic reply: Order\nX-Auto-Response-Suppress: All", "auto-reply",
    ),
    "Exchange, Spanish, encoded": (
        "Subject: =?utf-8?B?UmVzcHVlc3RhIGF1dG9tw6F0aWNhOiBQZWRpZG8=?=\n"
        "X-Auto-Response-Suppress: All", "auto-reply",
    ),
    "Outlook, German": (
        "Subject: Automatische Antwort: Bestellung\nX-Auto-Response-Suppress: DR, OOF", "auto-reply",
    ),
    "French, in bulk": ("Subject: =?iso-8859-1?Q?Absence_du_bureau?=\nPrecedence: junk", "auto-reply"),
    "Gmail's vacation": (
        "Return-Path: <>\nSubject: Fuera de la oficina Re: Pedido\nPrecedence: bulk", "auto-reply",
    ),
    "cPanel": ("X-Autorespond: Order\nPrecedence: auto_reply", "auto-reply"),
    "Precedence alone": ("Precedence: auto-reply", "auto-reply"),
    "Plesk": ("X-Autoreply: yes", "auto-reply"),
    "FirstClass": ("X-FC-MachineGenerated: true", "auto-reply"),
    "nobody to answer to": ("Return-Path: <>\nSubject: Gracias por su mensaje", "auto-reply"),
    "a read receipt": (
        "Subject: Read: Order\nContent-Type: multipart/report; boundary=b;"
        " report-type=disposition-notification", "auto-reply",
    ),
    "a newsletter": ("List-Id: News <news.example>\nList-Unsubscribe: <https://x.example>", "bulk"),
    "a mailing list": ("List-Id: <dev.lists.example>\nPrecedence: list", "bulk"),
    "a mass mailing": ("Precedence: bulk", "bulk"),
    "ourselves, by our mark": ("X-Ventanilla-Loop: 1", "loop"),
    "ourselves, by our address": ("From: Shop <Help@Shop.example>", "loop"),
    "ourselves, by our letter's id": (
        "Message-ID: <-OkT0dZ9aB_c1dE2fG3hI4jK@shop.example>", "loop",
    ),
    "a person": ("Subject: Hello", None),
    "a person who is away from office": ("Subject: I was out of the office, sorry", None),
    "a person at a firm that wants no auto-replies": (
        "Subject: Order\nX-Auto-Response-Suppress: All", None,
    ),
    "a person whose mail says it is none": ("Auto-Submitted: no", None),
    "a person at our own firm": ("Message-ID: <8d7f3c5e@shop.example>", None),
    "a person, through our address that is a group": (
        "List-Id: Help <help.shop.example>\nPrecedence: list", None,
    ),
}  # fmt: skip
