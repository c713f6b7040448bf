"""The few sentences of the working, in English, Italian and Spanish."""

import re

LANGUAGES = ("en", "it", "es")

PHRASES: dict[str, tuple[str, str, str]] = {
    "size": ("size", "dimensione", "tamaño"),
    "read": ("read", "letto", "leído"),
    "assumed": ("assumed", "assunto", "supuesto"),
    "note": ("note", "nota", "nota"),
    "output": ("output", "uscita", "salida"),
    "params": ("params", "parametri", "parámetros"),
    "buffers": ("buffers", "buffer", "búferes"),
    "MACs": ("MACs", "MAC", "MAC"),
    "field": ("field", "campo", "campo"),
    "reads": ("reads", "legge", "lee"),
    "same": ("{shape}, as it came in", "{shape}, come in ingresso", "{shape}, como entró"),
    "jump": (
        "jump {jump}, first tap of output 0 at {offset}",
        "passo {jump}, primo campione dell'uscita 0 in {offset}",
        "salto {jump}, primera muestra de la salida 0 en {offset}",
    ),
    "only jump": ("jump {jump}", "passo {jump}", "salto {jump}"),
    "varies": (
        "differs from position to position; no one number holds",
        "cambia da posizione a posizione; nessun numero vale per tutte",
        "cambia de una posición a otra; ningún número vale para todas",
    ),
    "phase": (
        "{size} at {count} of {period} positions",
        "{size} in {count} posizioni su {period}",
        "{size} en {count} de {period} posiciones",
    ),
    "shares": (
        "uses the numbers of {name}, which are counted there",
        "usa i numeri di {name}, contati là",
        "usa los números de {name}, contados allí",
    ),
    "regions": ("regions · MACs", "regioni · MAC", "regiones · MAC"),
    "unknown": ("unknown", "sconosciute", "desconocidas"),
    "merge": (
        "the floors merge: ⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋",
        "le parti intere si fondono: ⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋",
        "las partes enteras se funden: ⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋",
    ),
    "divides": ("{plain} where {d} divides {name}", "{plain} se {d} divide {name}", "{plain} si {d} divide a {name}"),
}


def phrase(key: str, language: str = "en", **values: object) -> str:
    """A phrase of the working in a language, its blanks filled in."""
    return PHRASES[key][LANGUAGES.index(language)].format(**values)


def localised(text: str, language: str) -> str:
    """Thousands set apart by a thin space outside English, where a comma is the decimal point."""
    if language == "en":
        return text
    return re.sub(r"(?<=\d),(?=\d{3})", "\u202f", text.replace("{,}", r"\,"))
