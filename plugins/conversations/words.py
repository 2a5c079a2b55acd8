"""The live conversation's words. A theme's translations/LANG.toml may say them otherwise."""

from __future__ import annotations

from plugins.guard.template import Words

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "join": "Join the conversation",
        "live_note": "{name} reads what you write here, and so can everybody. It is kept on this site’s own"
        " server with the name you give and a shortened network address, and goes to nobody else."
        " For fifteen minutes you can change or delete it.",
        "live_noscript": "Reading works without JavaScript; writing here needs it.",
        "live_noscript_page": "Other ways to reach {name}",
        "live_ask": "Ask {name}, or tell what you know",
        "live_loading": "The conversation is opening.",
        "live_ready": "You can write now.",
        "live_failed": "The conversation did not open. The comments on this page are still here to read."
        " Check your connection or content blocker, then try again.",
        "live_sent": "Your comment is on the page.",
        "live_held": "Thank you. Somebody reads it first; then it is on the page.",
        "live_taken": "Your comment is deleted.",
        "live_unsent": "Your comment was not sent; it is still in the box. Wait a moment and try again.",
        "live_empty": "Write a few words first.",
        "live_send": "Send to {name}",
        "live_answer": "Write your reply",
        "live_reply": "Send",
        "live_frame_title": "The conversation under “{title}”",
        "live_frame_note": "The conversation is kept at {kept}, under the rules of that site. Nothing is"
        " loaded from elsewhere before you press the button; then {place} sees your network address.",
        "live_frame_also": "That page loads more from {also}, who see it too.",
        "live_elsewhere": "Read it at {place}",
        "live_there": "Join the conversation at {place}",
        "live_link_note": "The conversation is kept at {place}, under the rules of that site. What is written"
        " there comes to this page.",
        "live_form_note": "Did you write about this on your own site? Then tell us where: {place} reads that"
        " page, and your words come to this one with a link to yours. {name} reads them.",
        "live_form_address": "The address of your page",
        "live_form_send": "Tell {name}",
        "live_form_unsent": "It was not sent. Look at the address, wait a moment, and try again.",
        "live_form_sent": "Thank you. {name} will see it, and it comes to this page.",
        "anonymous": "Somebody",
    },
    "es": {
        "join": "Únete a la conversación",
        "live_note": "{name} lee lo que escribes aquí, y cualquiera puede leerlo. Se guarda en el servidor de"
        " este sitio con el nombre que pongas y una dirección de red abreviada, y no va a nadie más."
        " Durante quince minutos puedes cambiarlo o borrarlo.",
        "live_noscript": "Leer funciona sin JavaScript; para escribir aquí hace falta.",
        "live_noscript_page": "Otras formas de hablar con {name}",
        "live_ask": "Pregunta a {name}, o cuenta lo que sabes",
        "live_loading": "Se está abriendo la conversación.",
        "live_ready": "Ya puedes escribir.",
        "live_failed": "La conversación no se abrió. Los comentarios de esta página siguen aquí."
        " Revisa la conexión o el bloqueador de contenidos y vuelve a intentarlo.",
        "live_sent": "Tu comentario está en la página.",
        "live_held": "Gracias. Primero lo lee una persona; después está en la página.",
        "live_taken": "Tu comentario está borrado.",
        "live_unsent": "Tu comentario no se envió; sigue en el cuadro. Espera un poco y vuelve a intentarlo.",
        "live_empty": "Escribe antes unas palabras.",
        "live_send": "Enviar a {name}",
        "live_answer": "Escribe tu respuesta",
        "live_reply": "Enviar",
        "live_frame_title": "La conversación sobre «{title}»",
        "live_frame_note": "La conversación se guarda en {kept}, con las reglas de ese sitio. Nada se carga"
        " de fuera antes de que pulses el botón; después {place} ve tu dirección de red.",
        "live_frame_also": "Esa página carga más cosas de {also}, que también la ven.",
        "live_elsewhere": "Léela en {place}",
        "live_there": "Únete a la conversación en {place}",
        "live_link_note": "La conversación se guarda en {place}, con las reglas de ese sitio. Lo que se"
        " escribe allí llega a esta página.",
        "live_form_note": "¿Has escrito sobre esto en tu propio sitio? Dinos dónde: {place} lee esa página, y"
        " tus palabras llegan a esta con un enlace a la tuya. {name} las lee.",
        "live_form_address": "La dirección de tu página",
        "live_form_send": "Decírselo a {name}",
        "live_form_unsent": "No se envió. Revisa la dirección, espera un poco y vuelve a intentarlo.",
        "live_form_sent": "Gracias. {name} lo verá, y llega a esta página.",
        "anonymous": "Alguien",
    },
}


def add_words(words: Words) -> None:
    """Put our words under the theme's: what a theme says stays, what it leaves out is ours."""
    for lang in {*WORDS, words.default}:
        ours = WORDS.get(lang, WORDS["en"])
        words.catalogues[lang] = {**ours, **words.catalogues.get(lang, {})}
