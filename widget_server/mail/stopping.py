"""What the page says that stops mails about a ticket, in every language of the letters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    before: str
    stop: str
    done: str
    after: str
    again: str


WORDS = {
    "es": Words(
        "¿Dejar de recibir correos de esta solicitud?",
        "Tu solicitud sigue abierta y podrás verla en la web cuando quieras.",
        "Dejar de recibirlos",
        "Ya no te escribiremos sobre esta solicitud",
        "Podrás ver las respuestas en la web.",
        "Volver a recibirlos",
    ),
    "en": Words(
        "Stop e-mails about this request?",
        "Your request stays open and you can see it on the website whenever you like.",
        "Stop them",
        "We will no longer write to you about this request",
        "You can see the answers on the website.",
        "Get them again",
    ),
    "it": Words(
        "Non ricevere più e-mail su questa richiesta?",
        "La richiesta resta aperta e puoi vederla sul sito quando vuoi.",
        "Non riceverle più",
        "Non ti scriveremo più su questa richiesta",
        "Puoi vedere le risposte sul sito.",
        "Riceverle di nuovo",
    ),
    "fr": Words(
        "Ne plus recevoir d’e-mails sur cette demande ?",
        "Votre demande reste ouverte et vous pouvez la consulter sur le site à tout moment.",
        "Ne plus en recevoir",
        "Nous ne vous écrirons plus au sujet de cette demande",
        "Vous pouvez voir les réponses sur le site.",
        "En recevoir de nouveau",
    ),
    "de": Words(
        "Keine E-Mails mehr zu dieser Anfrage?",
        "Ihre Anfrage bleibt offen; Sie können sie jederzeit auf der Website ansehen.",
        "Keine mehr senden",
        "Wir schreiben Ihnen zu dieser Anfrage nicht mehr",
        "Die Antworten sehen Sie auf der Website.",
        "Wieder erhalten",
    ),
    "pt": Words(
        "Deixar de receber e-mails sobre este pedido?",
        "O pedido continua aberto e pode vê-lo no site quando quiser.",
        "Deixar de receber",
        "Não voltaremos a escrever sobre este pedido",
        "Pode ver as respostas no site.",
        "Voltar a receber",
    ),
}
