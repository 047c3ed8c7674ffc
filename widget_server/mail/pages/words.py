"""What the page behind a mailed link says, in every language of the letters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    open: str
    hint: str
    stale: str
    stale_hint: str
    again: str
    sent: str
    go_on: str
    unknown: str
    unknown_hint: str
    failed: str
    wait: str
    scriptless: str
    confirmed: str
    confirmed_hint: str


WORDS = {
    "es": Words(
        "Tus solicitudes",
        "Abrir mis solicitudes",
        "El enlace sirve una vez, durante 15 minutos.",
        "Este enlace ya no sirve",
        "Se usó antes o tiene más de 15 minutos. Te enviamos otro a la misma dirección.",
        "Enviarme otro enlace",
        "Enviado a {email}. Mira tu correo.",
        "Seguir en {host}",
        "No conocemos este enlace",
        "Puede que no se copiara entero. Ábrelo desde el correo.",
        "No se ha podido abrir. Inténtalo de nuevo.",
        "Inténtalo en {time}",
        "Sin scripts, esto solo confirma tu dirección.",
        "Tu dirección está confirmada",
        "El equipo tiene tu solicitud y te responde por correo.",
    ),
    "en": Words(
        "Your requests",
        "Open my requests",
        "The link works once, for 15 minutes.",
        "This link no longer works",
        "It was used or is older than 15 minutes. We send another to the same address.",
        "Send me another link",
        "Sent to {email}. Look at your mail.",
        "Continue on {host}",
        "We do not know this link",
        "It may not have been copied whole. Open it from the e-mail.",
        "It could not be opened. Try again.",
        "Try again in {time}",
        "Without scripts this only confirms your address.",
        "Your address is confirmed",
        "The team has your request and answers by e-mail.",
    ),
    "it": Words(
        "Le tue richieste",
        "Apri le mie richieste",
        "Il link funziona una volta, per 15 minuti.",
        "Questo link non è più valido",
        "È già stato usato o ha più di 15 minuti. Ne inviamo un altro allo stesso indirizzo.",
        "Inviami un altro link",
        "Inviato a {email}. Controlla la posta.",
        "Continua su {host}",
        "Non conosciamo questo link",
        "Forse non è stato copiato per intero. Aprilo dall’e-mail.",
        "Non è stato possibile aprirlo. Riprova.",
        "Riprova tra {time}",
        "Senza script, questo conferma solo il tuo indirizzo.",
        "Il tuo indirizzo è confermato",
        "L’assistenza ha la tua richiesta e risponde per e-mail.",
    ),
    "fr": Words(
        "Vos demandes",
        "Ouvrir mes demandes",
        "Le lien fonctionne une fois, pendant 15 minutes.",
        "Ce lien n’est plus valable",
        "Il a déjà servi ou a plus de 15 minutes. Nous en envoyons un autre à la même adresse.",
        "M’envoyer un autre lien",
        "Envoyé à {email}. Consultez vos e-mails.",
        "Continuer sur {host}",
        "Nous ne connaissons pas ce lien",
        "Il n’a peut-être pas été copié en entier. Ouvrez-le depuis l’e-mail.",
        "Impossible de l’ouvrir. Réessayez.",
        "Réessayez dans {time}",
        "Sans scripts, ceci confirme seulement votre adresse.",
        "Votre adresse est confirmée",
        "L’équipe a votre demande et répond par e-mail.",
    ),
    "de": Words(
        "Ihre Anfragen",
        "Meine Anfragen öffnen",
        "Der Link gilt einmal, 15 Minuten lang.",
        "Dieser Link gilt nicht mehr",
        "Er wurde benutzt oder ist älter als 15 Minuten. Wir senden einen an dieselbe Adresse.",
        "Neuen Link senden",
        "Gesendet an {email}. Sehen Sie in Ihr Postfach.",
        "Weiter auf {host}",
        "Diesen Link kennen wir nicht",
        "Vielleicht wurde er nicht ganz kopiert. Öffnen Sie ihn aus der E-Mail.",
        "Das ließ sich nicht öffnen. Versuchen Sie es noch einmal.",
        "Wieder möglich in {time}",
        "Ohne Skripte bestätigt dies nur Ihre Adresse.",
        "Ihre Adresse ist bestätigt",
        "Das Team hat Ihre Anfrage und antwortet per E-Mail.",
    ),
    "pt": Words(
        "Os seus pedidos",
        "Abrir os meus pedidos",
        "A ligação funciona uma vez, durante 15 minutos.",
        "Esta ligação já não serve",
        "Já foi usada ou tem mais de 15 minutos. Enviamos outra para o mesmo endereço.",
        "Enviar-me outra ligação",
        "Enviada para {email}. Veja o seu correio.",
        "Continuar em {host}",
        "Não conhecemos esta ligação",
        "Pode não ter sido copiada por inteiro. Abra-a a partir do e-mail.",
        "Não foi possível abrir. Tente de novo.",
        "Tente de novo em {time}",
        "Sem scripts, isto apenas confirma o seu endereço.",
        "O seu endereço está confirmado",
        "A equipa tem o seu pedido e responde por e-mail.",
    ),
}
