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
        "es": "Algo no funciona como debería",
        "it": "Qualcosa non funziona come dovrebbe",
        "en": "Something does not work",
        "fr": "Quelque chose ne fonctionne pas",
        "de": "Etwas funktioniert nicht",
        "pt": "Algo não funciona como devia",
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
        "es": "Una función nueva para tu sitio",
        "it": "Una nuova funzione per il sito",
        "en": "A new feature for your site",
        "fr": "Une nouvelle fonction pour votre site",
        "de": "Eine neue Funktion für Ihre Website",
        "pt": "Uma função nova para o seu site",
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
        "es": "Dudas y ayuda con tu sitio",
        "it": "Domande e aiuto per il sito",
        "en": "Questions and help with your site",
        "fr": "Questions et aide pour votre site",
        "de": "Fragen und Hilfe zu Ihrer Website",
        "pt": "Dúvidas e ajuda com o seu site",
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
        "es": "Lo que necesites",
        "it": "Qualsiasi altra cosa",
        "en": "Whatever you need",
        "fr": "Ce dont vous avez besoin",
        "de": "Was immer Sie brauchen",
        "pt": "O que precisar",
    },
}

CATEGORIES = (BUG, PLUGIN, HELP, OTHER)
