"""Mails as people's programs send them; ``ORDINARY`` maps a name to bytes and what is in them.

What is in them: the subject, how the text begins, and the names of the files.
"""

from base64 import b64encode, encodebytes


def mail(head, body, charset="utf-8"):
    text = f"From: Ana <ana@mail.example>\nTo: help@shop.example\nMIME-Version: 1.0\n{head}\n\n"
    return (text.encode("utf-8") + body.encode(charset)).replace(b"\n", b"\r\n")


def tree(kind, *parts, head="Subject: Order", boundary="=_next"):
    """Return a multipart mail of ``(headers, body)`` parts."""
    shown = "".join(f"--{boundary}\n{headers}\n\n{body}\n" for headers, body in parts)
    return mail(
        f'{head}\nContent-Type: multipart/{kind}; boundary="{boundary}"',
        f"{shown}--{boundary}--\n",
    )


def word(text, charset):
    return f"=?{charset}?B?{b64encode(text.encode(charset)).decode()}?="


def base64(content):
    return encodebytes(content).decode()


PLAIN = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
PDF = 'Content-Type: application/pdf\nContent-Disposition: attachment; filename="{}"\nContent-Transfer-Encoding: base64'
PHOTO = base64(b"\xff\xd8\xff" + b"photo" * 2_000)
LOGO = base64(b"\x89PNG" + b"logo" * 100)
PICTURE = "Content-Type: image/{}\nContent-Transfer-Encoding: base64\nContent-Disposition: {}"
ICS = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR"
BOTH = f"--in\n{PLAIN}\n\nIt fails.\n--in\n{HTML}\n\n<p>It <b>fails</b>.</p>\n--in--\n"
INNER = 'Content-Type: multipart/alternative; boundary="in"'

ORDINARY = {
    "gmail": (tree("alternative", (PLAIN, "It fails."), (HTML, "<div>It fails.</div>")),
              "Order", "It fails.", ()),
    "gmail, small file with a Content-ID": (
        tree("mixed", (INNER, BOTH),
             (PICTURE.format("png", 'attachment; filename="screen.png"') + "\nContent-ID: <f_1>", LOGO)),
        "Order", "It fails.", ("screen.png",)),
    "outlook, logo in the signature": (
        tree("related", (INNER, BOTH),
             (PICTURE.format("png", 'inline; filename="image001.png"') + "\nContent-ID: <i1>", LOGO),
             (PICTURE.format("jpeg", 'inline; filename="image002.jpg"') + "\nContent-ID: <i2>", PHOTO)),
        "Order", "It fails.", ("image002.jpg",)),
    "outlook, HTML alone, windows-1252": (
        mail("Subject: Order\nContent-Type: text/html; charset=iso-8859-1",
             "<html><head><style>p{}</style></head><p>“It fails” – €5</p></html>", "windows-1252"),
        "Order", "“It fails” – €5", ()),
    "outlook, winmail.dat": (
        tree("mixed", (PLAIN, "It fails."),
             ("Content-Type: application/ms-tnef; name=winmail.dat\n"
              "Content-Transfer-Encoding: base64", base64(b"\x78\x9f\x3e\x22" * 20))),
        "Order", "It fails.", ("winmail.dat",)),
    "apple mail, a photo between two texts": (
        tree("mixed", (HTML, "<p>Before</p>"),
             (PICTURE.format("jpeg", 'inline; filename="IMG_1.jpeg"'), PHOTO), (HTML, "<p>After</p>")),
        "Order", "Before\n\nAfter", ("IMG_1.jpeg",)),
    "apple mail, photo without a text": (
        tree("mixed", (PLAIN, " "), (PICTURE.format("jpeg", "inline; filename=IMG_2.jpeg"), PHOTO)),
        "Order", "", ("IMG_2.jpeg",)),
    "thunderbird, flowed": (
        mail("Subject: Order\nContent-Type: text/plain; charset=UTF-8; format=flowed",
             "It fails when I press \nthe button.\n\n> Which \n> one?\nThat one."),
        "Order", "It fails when I press the button.\n\n> Which one?\nThat one.", ()),
    "japanese, flowed with DelSp": (
        mail("Subject: " + word("注文について", "iso-2022-jp")
             + "\nContent-Type: text/plain; charset=iso-2022-jp; format=flowed; delsp=yes",
             "動作 \nしません。", "iso-2022-jp"),
        "注文について", "動作しません。", ()),
    "japanese, cut in the middle of a character": (
        mail(f"Subject: =?utf-8?B?{b64encode('注文'.encode()[:4]).decode()}?=\n"
             f" =?utf-8?B?{b64encode('注文'.encode()[4:]).decode()}?=", "x"),
        "注文", "x", ()),
    "japanese, half-width and circled characters": (
        mail("Subject: ①\nContent-Type: text/plain; charset=Shift_JIS", "①ｱ髙", "cp932"),
        "①", "①ｱ髙", ()),
    "chinese, labelled too narrowly": (
        mail("Subject: " + word("订单", "gb2312") + "\nContent-Type: text/plain; charset=gb2312",
             "你好，龘€", "gb18030"),
        "订单", "你好，龘€", ()),
    "korean": (mail("Subject: " + word("주문", "euc-kr")
                    + "\nContent-Type: text/plain; charset=ks_c_5601-1987", "안녕 뷁", "cp949"),
               "주문", "안녕 뷁", ()),
    "arabic": (mail("Subject: " + word("طلب", "windows-1256")
                    + "\nContent-Type: text/plain; charset=windows-1256", "لا يعمل", "windows-1256"),
               "طلب", "لا يعمل", ()),
    "hebrew, visual": (mail("Subject: " + word("הזמנה", "utf-8")
                            + "\nContent-Type: text/plain; charset=iso-8859-8-i", "לא עובד", "iso-8859-8"),
                       "הזמנה", "לא עובד", ()),
    "russian, koi8-r, quoted-printable": (
        mail("Subject: =?koi8-r?Q?=FA=C1=CB=C1=DA?=\nContent-Type: text/plain; charset=koi8-r\n"
             "Content-Transfer-Encoding: quoted-printable", "=EE=C5 =\n=D2=C1=C2=CF=D4=C1=C5=D4"),
        "Заказ", "Не работает", ()),
    "greek, 8-bit header without a word": (
        mail("Subject: Παραγγελία", "Δεν δουλεύει"), "Παραγγελία", "Δεν δουλεύει", ()),
    "an invitation": (
        tree("mixed", (INNER, BOTH.replace(
            "--in--", f"--in\nContent-Type: text/calendar; method=REQUEST\n\n{ICS}\n--in--")),
             ("Content-Type: application/ics; name=invite.ics\n"
              "Content-Disposition: attachment; filename=invite.ics", ICS)),
        "Order", "It fails.", ("invite.ics",)),
    "forwarded, as an attachment": (
        tree("mixed", (PLAIN, "See below."),
             ("Content-Type: message/rfc822",
              f"From: Luis <luis@mail.example>\nSubject: {word('Avería', 'utf-8')}\n"
              f"Content-Type: multipart/mixed; boundary=\"deep\"\n\n--deep\n{PDF.format('x.pdf')}\n\nAAAA\n--deep--")),
        "Order", "See below.", ("Avería.eml",)),
    "forwarded, in base64": (
        tree("mixed", (PLAIN, "See."), ("Content-Type: message/rfc822; name=old.eml\n"
             "Content-Transfer-Encoding: base64", base64(b"Subject: Old\r\n\r\nHi"))),
        "Order", "See.", ("old.eml",)),
    "names by RFC 2231, in pieces": (
        tree("mixed", (PLAIN, "x"),
             ("Content-Type: application/pdf\nContent-Disposition: attachment;\n"
              " filename*0*=utf-8''Factura%20n%C3%BA;\n filename*1*=mero%20;\n filename*2=\"12.pdf\"", "%PDF")),
        "Order", "x", ("Factura número 12.pdf",)),
    "names as encoded words": (
        tree("mixed", (PLAIN, "x"), (PDF.format(word("請求書.pdf", "utf-8")), "JVBERg==")),
        "Order", "x", ("請求書.pdf",)),
    "names in bare UTF-8, with a semicolon": (
        tree("mixed", (PLAIN, "x"), (PDF.format("año; 2026.pdf"), "JVBERg==")),
        "Order", "x", ("año; 2026.pdf",)),
    "signed with S/MIME": (
        tree("signed", (PLAIN, "It fails."),
             ("Content-Type: application/pkcs7-signature; name=smime.p7s\n"
              "Content-Disposition: attachment; filename=smime.p7s", "MIIB")),
        "Order", "It fails.", ()),
    "signed with PGP/MIME": (
        tree("signed", (PLAIN, "It fails."), (
            "Content-Type: application/pgp-signature; name=signature.asc", "-----BEGIN PGP SIGNATURE-----")),
        "Order", "It fails.", ()),
    "signed with PGP, in the text": (
        mail("Subject: Order", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt fails.\n- -- \nAna\n"
             "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"),
        "Order", "It fails.\n-- \nAna\n", ()),
    "a list's footer below HTML": (
        tree("mixed", (HTML, "<p>It fails.</p>"), (PLAIN, "-- \nScanned for viruses")),
        "Order", "It fails.\n\n-- \nScanned for viruses", ()),
    "a scanner's, of one file": (
        mail("Subject: Scan\nContent-Type: application/pdf; name=scan.pdf\n"
             "Content-Transfer-Encoding: base64", "JVBERg=="), "Scan", "", ("scan.pdf",)),
    "cut off in transit": (
        tree("mixed", (PLAIN, "It fails."), (PDF.format("x.pdf"), "JVBERi0xLjQKJ"))[:-14],
        "Order", "It fails.", ("x.pdf",)),
    "a boundary that never comes": (
        mail("Subject: Order\nContent-Type: multipart/mixed; boundary=gone", "It fails."),
        "Order", "It fails.", ()),
    "no boundary named": (
        mail("Subject: Order\nContent-Type: multipart/mixed", "It fails."), "Order", "It fails.", ()),
    "base64 with rubbish in it": (
        mail("Subject: Order\nContent-Transfer-Encoding: base64", "SXQg!!ZmFpbHMu*"),
        "Order", "It fails.", ()),
    "from an mbox file": (b"From ana@mail.example Mon Nov 23 12:00:00 2026\n"
                          + mail("Subject: Order", "It fails."), "Order", "It fails.", ()),
}  # fmt: skip
