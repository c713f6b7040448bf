"""The language a question is asked in, told by its small words."""

import re

from cnncalc.ask.lexer import folded

_WORDS = {
    "it": frozenset("il lo gli della dello delle dei del di che quanti quante quanto qual quale con una uno strato immagine filtri ingresso dimensione "
                    "dell numero parametri sono ha passo rete calcola uscita senza ogni e nel su canali".split()),
    "es": frozenset("el los las de del que cuantos cuantas cuanto cual con una unos capa imagen filtros entrada tamano numero parametros "
                    "salida tiene relleno paso red calcula sin cada y en canales".split()),
    "en": frozenset("the of is what how many with an and image filters input size output layer number parameters has stride network "
                    "compute without each which does in channels".split()),
}  # fmt: skip


def spoken(question: str) -> str:
    """ "it" or "es" where most small words are; else "en"."""
    words = re.findall(r"[a-z]+", folded(question))
    counts = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    best = max(("en", "it", "es"), key=lambda language: counts[language])
    return best if counts[best] > counts["en"] or best == "en" else "en"
