"""What a new site says and asks, in every language of the window, until somebody changes it."""

from typing import Any

GREETING = {
    "es": "Hola. ¿En qué ayudamos?",
    "it": "Ciao. Come possiamo aiutare?",
    "en": "Hello. How can we help?",
    "fr": "Bonjour. Comment pouvons-nous aider ?",
    "de": "Hallo. Wie können wir helfen?",
    "pt": "Olá. Como podemos ajudar?",
}

BUG: dict[str, Any] = {
    "id": "bug",
    "icon": "bug",
    "name": {
        "es": "Reportar un error",
        "it": "Segnalare un errore",
        "en": "Report a bug",
        "fr": "Signaler une erreur",
        "de": "Fehler melden",
        "pt": "Comunicar um erro",
    },
    "hint": {
        "es": "Algo no funciona",
        "it": "Qualcosa non funziona",
        "en": "Something does not work",
        "fr": "Quelque chose ne va pas",
        "de": "Etwas funktioniert nicht",
        "pt": "Algo não funciona",
    },
}

PLUGIN: dict[str, Any] = {
    "id": "plugin",
    "icon": "plug",
    "name": {
        "es": "Solicitar un plugin",
        "it": "Richiedere un plugin",
        "en": "Request a plugin",
        "fr": "Demander une extension",
        "de": "Plugin anfragen",
        "pt": "Pedir um plugin",
    },
    "hint": {
        "es": "Una función nueva",
        "it": "Una nuova funzione",
        "en": "A new feature",
        "fr": "Une nouvelle fonction",
        "de": "Eine neue Funktion",
        "pt": "Uma função nova",
    },
}

HELP: dict[str, Any] = {
    "id": "help",
    "icon": "wrench",
    "name": {
        "es": "Asistencia técnica",
        "it": "Assistenza tecnica",
        "en": "Technical help",
        "fr": "Assistance technique",
        "de": "Technische Hilfe",
        "pt": "Assistência técnica",
    },
    "hint": {
        "es": "Dudas y ayuda",
        "it": "Domande e aiuto",
        "en": "Questions and help",
        "fr": "Questions et aide",
        "de": "Fragen und Hilfe",
        "pt": "Dúvidas e ajuda",
    },
}

OTHER: dict[str, Any] = {
    "id": "other",
    "icon": "chat",
    "name": {
        "es": "Otra consulta",
        "it": "Altra richiesta",
        "en": "Something else",
        "fr": "Autre demande",
        "de": "Etwas anderes",
        "pt": "Outro assunto",
    },
    "hint": {
        "es": "Todo lo demás",
        "it": "Tutto il resto",
        "en": "Everything else",
        "fr": "Tout le reste",
        "de": "Alles Übrige",
        "pt": "Tudo o resto",
    },
}

CATEGORIES = (BUG, PLUGIN, HELP, OTHER)
