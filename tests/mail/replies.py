"""Answers as mail programs write them: six languages, nine programs, nine ways to answer.

Each sample is a list of ``(kind, line)``; ``kind`` is "new", "quote" or "signature".
"""

from itertools import product

LANGUAGES = ("es", "en", "it", "fr", "de", "pt")

#: What people write: short, long, with things in it that look like quotations and are none.
ANSWERS = {
    "es": [
        "Sí, ya funciona. Gracias.",
        "De: lo que dije ayer, nada cambió.",
        "El total es > 5 € y < 9 €",
    ],
    "en": [
        "Yes, it works now. Thanks.",
        "From: what I said, nothing changed.",
        "On Monday I wrote: it fails",
    ],
    "it": ["Sì, ora funziona. Grazie.", "Da: quanto detto ieri, niente.", "Il totale è > 5 €"],
    "fr": ["Oui, ça marche. Merci.", "De : ce que j'ai dit, rien.", "Le total est > 5 €"],
    "de": [
        "Ja, es geht jetzt. Danke.",
        "Von: dem Gesagten bleibt alles.",
        "Gestern schrieb ich: es geht nicht",
    ],
    "pt": ["Sim, já funciona. Obrigado.", "De: o que eu disse, nada.", "O total é > 5 €"],
}
BETWEEN = {
    "es": "No, eso no lo he tocado todavía.", "en": "No, I have not touched that yet.",
    "it": "No, quello non l'ho ancora toccato.", "fr": "Non, je n'y ai pas encore touché.",
    "de": "Nein, das habe ich noch nicht angefasst.", "pt": "Não, ainda não mexi nisso.",
}  # fmt: skip
#: The last words before a quotation: they begin, or are dated, as the line below them.
ORDERED = {
    "es": "El 3 de mayo de 2026 a las 10:00 pedí dos sillas, pedido 12",
    "en": "On 3 May 2026 at 10:00 I ordered two chairs, order 12",
    "it": "Il 3 maggio 2026 alle 10:00 ho ordinato due sedie, ordine 12",
    "fr": "Le 3 mai 2026 à 10:00 j'ai commandé deux chaises, commande 12",
    "de": "Am 3.5.2026 um 10:00 habe ich zwei Stühle bestellt, Auftrag 12",
    "pt": "Em 3 de maio de 2026 às 10:00 pedi duas cadeiras, pedido 12",
}
CANCEL = {
    "es": ["Hola, Inés:", "cancela el pedido 12, por favor, no lo envíes"],
    "en": ["Hello Inés", "please cancel order 12, do not ship it"],
    "it": ["Ciao Inés,", "annulla l'ordine 12, per favore, non spedirlo"],
    "fr": ["Bonjour Inés,", "annulez la commande 12, ne l'envoyez pas"],
    "de": ["Hallo Inés,", "bitte Auftrag 12 stornieren, nicht verschicken"],
    "pt": ["Olá Inés,", "cancela a encomenda 12, não a envies"],
}
JOURNEY = {
    "es": ["De: Madrid", "Fecha: 12 de mayo", "Para: Lisboa"],
    "en": ["From: Madrid", "Date: 12 May, 10:30", "To: Lisbon"],
    "it": ["Da: Madrid", "Data: 12 maggio", "A: Lisbona"],
    "fr": ["De : Madrid", "Date : 12 mai, 10h30", "À : Lisbonne"],
    "de": ["Von: Madrid", "Datum: 12. Mai 2026", "An: Lissabon"],
    "pt": ["De: Madrid", "Data: 12 de maio", "Para: Lisboa"],
}
TOLD = {
    "es": "Mira lo que tu compañero Luis el 12 de mayo de 2026 escribió:",
    "en": "This is what your colleague wrote on 12 May 2026:",
    "it": "Ecco che cosa il 12 maggio 2026 il collega ha scritto:",
    "fr": "Voici ce que le 12 mai 2026 votre collègue a écrit :",
    "de": "Das ist, was Ihr Kollege am 12.5.2026 schrieb:",
    "pt": "Vê o que no dia 12 de maio de 2026 o teu colega escreveu:",
}
GMAIL = {
    "es": "El lun, 23 nov 2026 a las 10:12, Tienda (<help@shop.example>) escribió:",
    "en": "On Mon, Nov 23, 2026 at 10:12 AM Shop <help@shop.example> wrote:",
    "it": "Il giorno lun 23 nov 2026 alle ore 10:12 Negozio <help@shop.example> ha scritto:",
    "fr": "Le lun. 23 nov. 2026 à 10:12, Boutique <help@shop.example> a écrit :",
    "de": "Am Mo., 23. Nov. 2026 um 10:12 Uhr schrieb Laden <help@shop.example>:",
    "pt": "Loja <help@shop.example> escreveu (segunda, 23/11/2026 à(s) 10:12):",
}
APPLE = {
    "es": "El 23 nov 2026, a las 10:12, Tienda <help@shop.example> escribió:",
    "en": "On 23 Nov 2026, at 10:12, Shop <help@shop.example> wrote:",
    "it": "Il giorno 23 nov 2026, alle ore 10:12, Negozio <help@shop.example> ha scritto:",
    "fr": "Le 23 nov. 2026 à 10:12, Boutique <help@shop.example> a écrit :",
    "de": "Am 23.11.2026 um 10:12 schrieb Laden <help@shop.example>:",
    "pt": "Em 23 de nov. de 2026, à(s) 10:12, Loja <help@shop.example> escreveu:",
}
THUNDERBIRD = {
    "es": "El 23/11/26 a las 10:12, Tienda escribió:", "en": "On 11/23/26 10:12, Shop wrote:",
    "it": "Il 23/11/26 10:12, Negozio ha scritto:", "fr": "Le 23/11/2026 à 10:12, Boutique a écrit :",
    "de": "Am 23.11.26 um 10:12 schrieb Laden:", "pt": "Às 10:12 de 23/11/2026, Loja escreveu:",
}  # fmt: skip
YAHOO = {
    "es": "El lunes, 23 de noviembre de 2026, 10:12:01 CET, Tienda <help@shop.example> escribió:",
    "en": "On Monday, November 23, 2026 at 10:12:01 AM GMT+1, Shop <help@shop.example> wrote:",
    "it": "Il lunedì 23 novembre 2026 alle ore 10:12:01 CET, Negozio <help@shop.example> ha scritto:",
    "fr": "Le lundi 23 novembre 2026 à 10:12:01 UTC+1, Boutique <help@shop.example> a écrit :",
    "de": "Am Montag, 23. November 2026 um 10:12:01 MEZ hat Laden <help@shop.example> Folgendes geschrieben:",
    "pt": "Em segunda-feira, 23 de novembro de 2026 10:12:01 WET, Loja <help@shop.example> escreveu:",
}
OUTLOOK = {
    "es": ("De", "Enviado", "Para", "Asunto"), "en": ("From", "Sent", "To", "Subject"),
    "it": ("Da", "Inviato", "A", "Oggetto"), "fr": ("De", "Envoyé", "À", "Objet"),
    "de": ("Von", "Gesendet", "An", "Betreff"), "pt": ("De", "Enviado", "Para", "Assunto"),
}  # fmt: skip
ORIGINAL = {
    "es": "-----Mensaje original-----", "en": "-----Original Message-----",
    "it": "-----Messaggio originale-----", "fr": "-----Message d'origine-----",
    "de": "-----Ursprüngliche Nachricht-----", "pt": "-----Mensagem original-----",
}  # fmt: skip
MOBILE = {
    "es": "Enviado desde mi iPhone", "en": "Sent from my iPhone", "it": "Inviato da iPhone",
    "fr": "Envoyé de mon iPhone", "de": "Von meinem iPhone gesendet", "pt": "Enviado do meu iPhone",
}  # fmt: skip

PROGRAMS = (
    "gmail", "gmail broken", "apple", "iphone", "thunderbird", "yahoo", "outlook", "outlook web",
    "outlook classic",
)  # fmt: skip
STYLES = (
    "top", "bottom", "inline", "signed", "close", "close dated", "listed", "listed close",
    "listed last",
)  # fmt: skip


def sample(language, program, style, letter):
    """Return the lines of one answer to ``letter``, the text of a mail of ours."""
    ours = letter.replace("\r", "").strip().split("\n")
    marked = program not in ("yahoo", "outlook", "outlook web", "outlook classic")
    said = [("new", line) for line in ANSWERS[language]]
    signed = [("new", ""), ("new", "Ana Ferrer"), ("new", "Tel. 600 000 000")]
    opening = [("quote", line) for line in _opening(program, language)]
    quoted = [("quote", f"> {line}".rstrip() if marked else line) for line in ours]
    if style == "top":
        above = [*said, ("new", "")]
        if program == "iphone":
            above += [("signature", MOBILE[language]), ("new", "")]
        return above + opening + quoted
    if style == "signed":
        return [*said, *signed, ("new", ""), *opening, *quoted]
    if style == "bottom":
        return opening + quoted + [("new", ""), *said]
    if style == "close":
        return [("new", line) for line in CANCEL[language]] + opening + quoted + [("new", "Ana")]
    if style == "close dated":
        above = [*CANCEL[language], ORDERED[language]]
        return [("new", line) for line in above] + opening + quoted + [("new", "Ana")]
    if style.startswith("listed"):
        listed = [("new", line) for line in (*CANCEL[language], *JOURNEY[language])]
        if style == "listed last":
            return opening + quoted + [("new", ""), *listed]
        return listed + [("new", "")] * (style == "listed") + opening + quoted
    half = next(at for at, (_, line) in enumerate(quoted) if at > 4 and not line.strip("> "))
    between = [("new", ""), ("new", BETWEEN[language]), ("new", "")]
    head = [("new", ANSWERS[language][0]), ("new", "")]
    return head + opening + quoted[:half] + between + quoted[half + 1 :]


def _opening(program, language):
    name, sent, to, subject = OUTLOOK[language]
    block = [
        f"{name}: Shop <help@shop.example>",
        f"{sent}: lunes, 23 de noviembre de 2026 10:12",
        f"{to}: Ana <ana@mail.example>",
        f"{subject}: Re: [#12] Printer on fire",
        "",
    ]
    if program == "gmail":
        return [GMAIL[language], ""]
    if program == "gmail broken":
        words = GMAIL[language].split(" ")
        return [" ".join(words[:-2]), " ".join(words[-2:]), ""]
    if program in ("apple", "iphone"):
        return [APPLE[language], ""]
    if program == "thunderbird":
        return [THUNDERBIRD[language]]
    if program == "yahoo":
        return [YAHOO[language], ""]
    if program == "outlook":
        return block
    if program == "outlook web":
        return ["________________________________", *block]
    return [ORIGINAL[language], *block]


def corpus(letters):
    """Yield ``(name, lines, letter)`` for every combination."""
    for language, program, style in product(LANGUAGES, PROGRAMS, STYLES):
        letter = letters[language]
        yield f"{language} {program} {style}", sample(language, program, style, letter), letter
