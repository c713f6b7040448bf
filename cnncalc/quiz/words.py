"""What exercises say, in English, Italian and Spanish."""

from collections.abc import Sequence
from typing import Any

from cnncalc.exact.recorder import grouped
from cnncalc.language import LANGUAGES, localised

Three = tuple[str, str, str]

WORDS: dict[str, Three] = {
    # kinds
    "output-size": ("Output size", "Dimensione dell'uscita", "Tamaño de salida"),
    "parameters": ("Parameters", "Parametri", "Parámetros"),
    "macs": ("Cost", "Costo", "Coste"),
    "receptive-field": ("Receptive field", "Campo recettivo", "Campo receptivo"),
    "chain": ("Fill in the table", "Completa la tabella", "Completa la tabla"),
    "transposed": ("Transposed convolution", "Convoluzione trasposta", "Convolución transpuesta"),
    "dilation": ("Dilated convolution", "Convoluzione dilatata", "Convolución dilatada"),
    "inverse": ("Backwards", "All'indietro", "Hacia atrás"),
    "compare": ("Compare", "Confronta", "Compara"),
    "memory": ("Memory", "Memoria", "Memoria"),
    "read-a-summary": ("Read a summary", "Leggi un riepilogo", "Lee un resumen"),
    "find-the-error": ("Find the error", "Trova l'errore", "Encuentra el error"),
    # layers
    "conv": ("a convolution with {co} filters of {k}", "una convoluzione con {co} filtri {k}",
             "una convolución con {co} filtros de {k}"),
    "conv1": ("a convolution with 1 filter of {k}", "una convoluzione con 1 filtro {k}",
              "una convolución con 1 filtro de {k}"),
    "conv_transpose": ("a transposed convolution with {co} filters of {k}",
                       "una convoluzione trasposta con {co} filtri {k}",
                       "una convolución transpuesta con {co} filtros de {k}"),
    "max_pool": ("a {k} max pooling", "un max pooling {k}", "un max pooling de {k}"),
    "linear": ("a fully connected layer with {fout} neurons", "uno strato completamente connesso con {fout} neuroni",
               "una capa totalmente conectada con {fout} neuronas"),
    "stride": ("stride {s}", "passo (stride) {s}", "paso (stride) {s}"),
    "no padding": ("no padding", "senza padding", "sin relleno"),
    "padding": ("padding {p} on every side", "padding {p} su ogni lato", "relleno {p} en cada lado"),
    "dilation of": ("dilation {d}", "dilatazione {d}", "dilatación {d}"),
    "output padding": ("output padding {op}", "output padding {op}", "output padding {op}"),
    "groups": ("{g} groups", "{g} gruppi", "{g} grupos"),
    "bias": ("with biases", "con bias", "con sesgos"),
    "no bias": ("no biases", "senza bias", "sin sesgos"),
    # labels
    "side": ("output side", "lato dell'uscita", "lado de la salida"),
    "height": ("output height", "altezza dell'uscita", "alto de la salida"),
    "width": ("output width", "larghezza dell'uscita", "ancho de la salida"),
    "params": ("parameters", "parametri", "parámetros"),
    "MACs": ("multiply-accumulates", "moltiplicazioni-somme (MAC)", "multiplicaciones-sumas (MAC)"),
    "FLOPs": ("FLOPs", "FLOP", "FLOP"),
    "field": ("receptive field", "campo recettivo", "campo receptivo"),
    "padding?": ("padding", "padding", "relleno"),
    "stride?": ("stride", "passo (stride)", "paso (stride)"),
    "kernel?": ("kernel size", "lato del filtro", "lado del filtro"),
    "input?": ("input side", "lato dell'ingresso", "lado de la entrada"),
    "filters?": ("number of filters", "numero di filtri", "número de filtros"),
    "difference": ("difference", "differenza", "diferencia"),
    "bytes": ("bytes", "byte", "bytes"),
    "features": ("features", "caratteristiche", "características"),
    "weights": ("weights without biases", "pesi senza i bias", "pesos sin los sesgos"),
    "side of": ("output side of {name}", "lato dell'uscita di {name}", "lado de la salida de {name}"),
    "params of": ("parameters of {name}", "parametri di {name}", "parámetros de {name}"),
    "features of": ("outputs of {name}", "uscite di {name}", "salidas de {name}"),
    # prompts
    "ask size": ("{Layer} is applied to a map of {shape} (channels × height × width). How many pixels is the output "
                 "high and wide?",
                 "{Layer} si applica a una mappa {shape} (canali × altezza × larghezza). Quanti pixel misura il lato "
                 "dell'uscita?",
                 "Se aplica {layer} a un mapa de {shape} (canales × alto × ancho). ¿Cuántos píxeles mide el lado de "
                 "la salida?"),
    "ask sides": ("{Layer} is applied to a map of {shape} (channels × height × width). How high and how wide is the "
                  "output?",
                  "{Layer} si applica a una mappa {shape} (canali × altezza × larghezza). Quanto è alta e quanto è "
                  "larga l'uscita?",
                  "Se aplica {layer} a un mapa de {shape} (canales × alto × ancho). ¿Cuál es el alto y cuál el ancho "
                  "de la salida?"),
    "ask params": ("{Layer} takes a map of {shape} to {out} (channels × height × width). How many parameters does it "
                   "learn?",
                   "{Layer} porta una mappa {shape} in {out} (canali × altezza × larghezza). Quanti parametri "
                   "addestrabili ha?",
                   "Se pasa un mapa de {shape} a {out} (canales × alto × ancho) con {layer}. ¿Cuántos parámetros "
                   "entrenables tiene la capa?"),
    "ask dense": ("{Layer}, {bias}, reads {fin} features. How many parameters does it learn?",
                  "{Layer}, {bias}, legge {fin} caratteristiche. Quanti parametri addestrabili ha?",
                  "{Layer}, {bias}, lee {fin} características. ¿Cuántos parámetros entrenables tiene?"),
    "ask normed": ("{Layer} takes a map of {shape} to {out} (channels × height × width) and is followed by a batch "
                   "normalisation. How many parameters do the two layers learn together?",
                   "{Layer} porta una mappa {shape} in {out} (canali × altezza × larghezza) ed è seguita da una batch "
                   "normalisation. Quanti parametri addestrabili hanno i due strati insieme?",
                   "Se pasa un mapa de {shape} a {out} (canales × alto × ancho) con {layer}, y sigue una "
                   "normalización por lotes. ¿Cuántos parámetros entrenables tienen las dos capas juntas?"),
    "ask macs": ("{Layer} takes a map of {shape} to {out} (channels × height × width). How many multiply-accumulates "
                 "does it take for one image, biases not counted?",
                 "{Layer} porta una mappa {shape} in {out} (canali × altezza × larghezza). Quante "
                 "moltiplicazioni-somme (MAC) servono per un'immagine, senza contare i bias?",
                 "Se pasa un mapa de {shape} a {out} (canales × alto × ancho) con {layer}. ¿Cuántas "
                 "multiplicaciones-sumas (MAC) hacen falta para una imagen, sin contar los sesgos?"),
    "ask flops": ("{Layer} takes a map of {shape} to {out} (channels × height × width). How many floating-point "
                  "operations (multiplications and additions counted apart) does it take for one image, biases not "
                  "counted?",
                  "{Layer} porta una mappa {shape} in {out} (canali × altezza × larghezza). Quante operazioni in "
                  "virgola mobile (FLOP, moltiplicazioni e somme contate separatamente) servono per un'immagine, "
                  "senza contare i bias?",
                  "Se pasa un mapa de {shape} a {out} (canales × alto × ancho) con {layer}. ¿Cuántas operaciones de "
                  "coma flotante (FLOP, multiplicaciones y sumas contadas por separado) hacen falta para una imagen, "
                  "sin contar los sesgos?"),
    "ask field": ("These layers follow one another. How many pixels of the input, along one axis, does one output of "
                  "the last layer depend on (its receptive field)?",
                  "Questi strati si susseguono. Da quanti pixel dell'ingresso, lungo un asse, dipende un'uscita "
                  "dell'ultimo strato (il suo campo recettivo)?",
                  "Estas capas van una tras otra. ¿De cuántos píxeles de la entrada, a lo largo de un eje, depende "
                  "una salida de la última capa (su campo receptivo)?"),
    "ask chain": ("A {shape} image (channels × height × width) passes through these layers. Fill in the table.",
                  "Un'immagine {shape} (canali × altezza × larghezza) attraversa questi strati. Completa la tabella.",
                  "Una imagen de {shape} (canales × alto × ancho) pasa por estas capas. Completa la tabla."),
    "layer": ("layer", "strato", "capa"),
    "settings": ("settings", "impostazioni", "ajustes"),
    "output": ("output side", "lato dell'uscita", "lado de la salida"),
    "ask padding": ("{Layer} with stride {s} is to take a map {n} pixels wide to one {o} wide. Which is the smallest "
                    "padding (on every side) that does it?",
                    "{Layer} con passo (stride) {s} deve portare una mappa larga {n} pixel a una larga {o}. Qual è il "
                    "più piccolo padding (su ogni lato) che ci riesce?",
                    "Con {layer}, de paso (stride) {s}, un mapa de {n} píxeles de ancho debe pasar a {o}. ¿Cuál es el "
                    "menor relleno (en cada lado) que lo consigue?"),
    "ask stride": ("{Layer} with {padding} takes a map {n} pixels wide to one {o} wide. Which is its stride?",
                   "{Layer} con {padding} porta una mappa larga {n} pixel a una larga {o}. Qual è il suo passo "
                   "(stride)?",
                   "Con {layer} y {padding}, un mapa de {n} píxeles de ancho pasa a {o}. ¿Cuál es su paso (stride)?"),
    "ask kernel": ("A convolution with {co} square filters, stride 1 and {padding} takes a map {n} pixels wide to one "
                   "{o} wide. How many pixels wide are its filters?",
                   "Una convoluzione con {co} filtri quadrati, passo (stride) 1 e {padding} porta una mappa larga {n} "
                   "pixel a una larga {o}. Quanto misura il lato dei filtri?",
                   "Una convolución con {co} filtros cuadrados, paso (stride) 1 y {padding} pasa un mapa de {n} "
                   "píxeles de ancho a {o}. ¿Cuánto mide el lado de los filtros?"),
    "ask input": ("{Layer}, with stride {s} and {padding}, gives a map {o} pixels wide. Which is the largest input "
                  "width with which it does?",
                  "{Layer}, con passo (stride) {s} e {padding}, dà una mappa larga {o} pixel. Qual è la più grande "
                  "larghezza d'ingresso con cui succede?",
                  "{Layer}, con paso (stride) {s} y {padding}, da un mapa de {o} píxeles de ancho. ¿Cuál es el mayor "
                  "ancho de entrada con el que ocurre?"),
    "ask filters": ("A convolution with {k} filters and biases reads {ci} channels and has {params} parameters. How "
                    "many filters does it have?",
                    "Una convoluzione con filtri {k} e con bias legge {ci} canali e ha {params} parametri. Quanti "
                    "filtri ha?",
                    "Una convolución con filtros de {k} y con sesgos lee {ci} canales y tiene {params} parámetros. "
                    "¿Cuántos filtros tiene?"),
    "ask compare": ("Both designs take a map of {shape} to {co} channels of the same height and width. How many more "
                    "parameters does the larger design learn? (A: {a}. B: {b}.)",
                    "Entrambi i progetti portano una mappa {shape} a {co} canali della stessa altezza e larghezza. "
                    "Quanti parametri addestrabili in più ha il progetto più grande? (A: {a}. B: {b}.)",
                    "Los dos diseños pasan un mapa de {shape} a {co} canales del mismo alto y ancho. ¿Cuántos "
                    "parámetros entrenables más tiene el diseño más grande? (A: {a}. B: {b}.)"),
    "ask memory": ("{Layer} is applied to a batch of {batch} maps of {shape} (channels × height × width). How many "
                   "bytes does its output take in {dtype} ({width} bytes a number)?",
                   "{Layer} si applica a un batch di {batch} mappe {shape} (canali × altezza × larghezza). Quanti byte "
                   "occupa la sua uscita in {dtype} ({width} byte per numero)?",
                   "Se aplica {layer} a un lote de {batch} mapas de {shape} (canales × alto × ancho). ¿Cuántos bytes "
                   "ocupa su salida en {dtype} ({width} bytes por número)?"),
    "ask summary params": ("A summary of a network has lost one number. All convolutions are {k} and have biases. How "
                           "many parameters does {name} have?",
                           "Il riepilogo di una rete ha perso un numero. Tutte le convoluzioni sono {k} e hanno i "
                           "bias. Quanti parametri ha {name}?",
                           "El resumen de una red ha perdido un número. Todas las convoluciones son de {k} y tienen "
                           "sesgos. ¿Cuántos parámetros tiene {name}?"),
    "ask summary weights": ("A network is summed up as follows. All convolutions are {k} and have biases. How many "
                            "weights, biases not counted, does {name} have?",
                            "Ecco il riepilogo di una rete. Tutte le convoluzioni sono {k} e hanno i bias. Quanti "
                            "pesi, senza contare i bias, ha {name}?",
                            "Este es el resumen de una red. Todas las convoluciones son de {k} y tienen sesgos. "
                            "¿Cuántos pesos, sin contar los sesgos, tiene {name}?"),
    "ask summary features": ("A network is summed up as follows, but one number is lost: all convolutions are {k} "
                             "and have biases. How many features does flatten hand to linear?",
                             "Ecco il riepilogo di una rete, ma manca un numero: tutte le convoluzioni sono {k} e "
                             "hanno i bias. Quante caratteristiche passa flatten a linear?",
                             "Este es el resumen de una red, pero falta un número: todas las convoluciones son de {k} "
                             "y tienen sesgos. ¿Cuántas características pasa flatten a linear?"),
    "ask error": ("{question} A student answers {wrong}. Which slip explains this?",
                  "{question} Uno studente risponde {wrong}. Quale errore lo spiega?",
                  "{question} Un estudiante responde {wrong}. ¿Qué error lo explica?"),
    "that gives": ("Made alone, that would give {value}.", "Da solo, darebbe {value}.", "Por sí solo, daría {value}."),
    "right answer": ("The right answer is {value}.", "La risposta giusta è {value}.",
                     "La respuesta correcta es {value}."),
    # feedback and headings
    "right": ("Right.", "Giusto.", "Correcto."),
    "not right": ("That is not right.", "Non è giusto.", "No es correcto."),
    "or": ("or", "oppure", "o"),
    "and": ("and", "e", "y"),
    "answer": ("Answer", "Risposta", "Respuesta"),
    "answers": ("Answers", "Risposte", "Respuestas"),
    "exercises": ("Exercises", "Esercizi", "Ejercicios"),
    "working": ("Working", "Svolgimento", "Desarrollo"),
    "score": ("Score", "Punteggio", "Puntuación"),
    "unknown slip": ("No known slip gives {value}.", "Nessun errore noto dà {value}.",
                     "Ningún error conocido da {value}."),
}  # fmt: skip


def say(key: str, language: str, **values: Any) -> str:
    """A phrase in a language, its blanks filled in."""
    return WORDS[key][LANGUAGES.index(language)].format(**values)


def number(value: int, language: str) -> str:
    """A figure as the language groups it: 34,944 or 34 944."""
    return localised(grouped(value), language)


def square(side: Any) -> str:
    """5 as "5×5", (3, 5) as "3×5"."""
    return "×".join(map(str, side)) if isinstance(side, tuple | list) else f"{side}×{side}"


def listed(parts: Sequence[str], language: str, last: str = "and") -> str:
    """ "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {say(last, language)} {parts[-1]}"


def padding(p: int, language: str) -> str:
    """ "padding 2 on every side", or "no padding"."""
    return say("padding", language, p=p) if p else say("no padding", language)


def convolution(v: dict[str, Any], language: str, kind: str = "conv") -> str:
    """ "a convolution with 6 filters of 5×5, stride 2 and no padding"; ``v`` by textbook letters.

    Dilation, groups, output padding and biases are told where ``v`` has them.
    """
    name = "conv1" if kind == "conv" and v["co"] == 1 else kind
    head = say(name, language, co=v["co"], k=square(v["k"]))
    parts = [say("stride", language, s=v.get("s", 1)), padding(v.get("p", 0), language)]
    parts += [say("dilation of", language, d=v["d"])] if v.get("d", 1) != 1 else []
    parts += [say("output padding", language, op=v["op"])] if v.get("op") else []
    parts += [say("groups", language, g=v["g"])] if v.get("g", 1) != 1 else []
    parts += [say("bias" if v["b"] else "no bias", language)] if "b" in v else []
    return f"{head}, {listed(parts, language)}"


def pooling(v: dict[str, Any], language: str) -> str:
    """ "a 3×3 max pooling, stride 2 and no padding"."""
    parts = [say("stride", language, s=v["s"]), padding(v["p"], language)]
    return f"{say('max_pool', language, k=square(v['k']))}, {listed(parts, language)}"


def upper(text: str) -> str:
    """The same with a capital letter at its head."""
    return text[:1].upper() + text[1:]
