"""The known slips: wrong rules that students really use, each as a change to the house's own rule.

A slip may misread the values (``read``), use another rule (``rule``), or spoil the result (``finish``).
Written so, two slips compose: both readings, the changed rule, both endings. Slips of one ``aspect``
exclude each other. Sources: threads, published quizzes and papers; "derived" where none was found.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any

from cnncalc.exact.records import record
from cnncalc.exact.sizes import ceil_div, extent, prod, transposed_size, window_count
from cnncalc.exact.windows import grown
from cnncalc.language import LANGUAGES
from cnncalc.quiz.quantities import QUANTITIES, Evaluate, Number, Values, padding_of

Sentences = tuple[str, str, str]  # in the order of LANGUAGES
Read = Callable[[Values], Mapping[str, Any]]
Finish = Callable[[Number, Values], Number]


@record
class Slip:
    """One wrong rule. ``looks`` ends "it looks as if ..."; ``advice`` puts it right."""

    id: str
    quantity: str
    aspect: str
    looks: Sentences
    advice: Sentences
    source: str
    read: Read | None = None
    rule: Callable[[Values], Number] | None = None
    finish: Finish | None = None
    needs: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return hash(self.id)

    def sentence(self, language: str = "en") -> str:
        """ "It looks as if padding was added on one side only. Padding goes on both sides: use 2p."."""
        return f"{self.likeness(language)} {self.advice[LANGUAGES.index(language)]}"

    def likeness(self, language: str = "en") -> str:
        """The first half of the sentence."""
        index = LANGUAGES.index(language)
        return f"{LOOKS[index]} {self.looks[index]}."

    def clause(self, language: str = "en") -> str:
        """What seems to have happened, without a beginning or an end."""
        return self.looks[LANGUAGES.index(language)]


LOOKS = ("It looks as if", "Sembra che", "Parece que")


def _window(v: Values, **changes: Any) -> int:
    """The window rule with some arguments exchanged: total padding ``P``, n, k, s, d."""
    w = {"n": v["n"], "k": v["k"], "s": v["s"], "P": padding_of(v), "d": v.get("d", 1)} | changes
    return window_count(w["n"], w["k"], w["s"], w["P"], w["d"])  # type: ignore[no-any-return]


def _moved(v: Values) -> int:
    """How far the window can move: the count of places at stride 1, less one."""
    return _window(v, s=1) - 1


def _positions(v: Values) -> int:
    return prod((v["ho"], v["wo"]))


def _jump_first(v: Values) -> int:
    size, jump = 1, 1
    for k, s, d in v["L"]:
        jump *= s
        size = grown(size, k, jump, d)
    return size


def _whole_kernels(v: Values) -> int:
    size, jump = 0, 1
    for k, s, d in v["L"]:
        size, jump = size + extent(k, d) * jump, jump * s
    return size


def _as(**letters: str | int) -> Read:
    """A reading that puts other values under some letters: _as(s=1), _as(k="co")."""
    return lambda v: {name: v[new] if isinstance(new, str) else new for name, new in letters.items()}


SIZES = (
    Slip("size.forgot_plus_one", "conv_size pool_size", "ending",
         ("the final + 1 was left out", "manchi il + 1 finale", "falta el + 1 final"),
         ("The first window counts too: add 1 after the division.",
          "Anche la prima finestra conta: somma 1 dopo la divisione.",
          "La primera ventana también cuenta: suma 1 después de dividir."),
         "https://github.com/vlfeat/matconvnet/issues/1110", finish=lambda value, v: value - 1),
    Slip("size.plus_one_before_division", "conv_size pool_size", "ending rounding",
         ("the 1 was added before dividing by the stride", "l'1 sia stato sommato prima di dividere per il passo",
          "el 1 se sumó antes de dividir por el paso"),
         ("Divide by the stride first, round down, then add 1. (Rounding (n − k + 1)/s up would be right.)",
          "Prima dividi per il passo e arrotonda per difetto, poi somma 1.",
          "Primero divide por el paso y redondea hacia abajo, luego suma 1."),
         "https://github.com/BVLC/caffe/issues/4252", rule=lambda v: _window(v, s=1) // v["s"]),
    Slip("size.padding_once", "conv_size pool_size", "padding",
         ("padding was added on one side only", "il padding sia stato aggiunto da un solo lato",
          "el relleno se añadió en un solo lado"),
         ("Padding goes on both sides: use 2p.", "Il padding va su entrambi i lati: usa 2p.",
          "El relleno va en ambos lados: usa 2p."),
         "Coursera, Convolutional Neural Networks, week 1 quiz, question 5 (distractor 17×17×8)",
         read=lambda v: {"P": v.get("p", 0)}),
    Slip("size.ignored_padding", "conv_size pool_size", "padding",
         ("the padding was ignored", "il padding sia stato ignorato", "se ignoró el relleno"),
         ("The window also slides over the padding: add 2p to the size.",
          "La finestra scorre anche sul padding: somma 2p alla dimensione.",
          "La ventana también recorre el relleno: suma 2p al tamaño."),
         "https://ai.stackexchange.com/questions/8327 (109 for GoogLeNet's first layer)",
         read=lambda v: {"P": 0}),
    Slip("size.ceil_instead_of_floor", "conv_size pool_size", "rounding",
         ("the division was rounded up", "la divisione sia stata arrotondata per eccesso",
          "la división se redondeó hacia arriba"),
         ("A window that does not fit is dropped: round down. (Rounding up is ceil_mode, as in Caffe's pooling.)",
          "La finestra che non entra si scarta: arrotonda per difetto.",
          "La ventana que no cabe se descarta: redondea hacia abajo."),
         "https://github.com/BVLC/caffe/issues/1318", rule=lambda v: _window(v, n=v["n"] + v["s"] - 1)),
    Slip("size.no_floor", "conv_size pool_size", "rounding",
         ("the division was not rounded", "la divisione non sia stata arrotondata", "la división no se redondeó"),
         ("A size is a whole number: round the division down (// in Python).",
          "La dimensione è un numero intero: arrotonda la divisione per difetto (// in Python).",
          "El tamaño es un número entero: redondea la división hacia abajo (// en Python)."),
         "https://github.com/rasbt/machine-learning-book/issues/73",
         rule=lambda v: Fraction(_moved(v), v["s"]) + 1),
    Slip("size.round_nearest", "conv_size pool_size", "rounding",
         ("the division was rounded to the nearest number", "la divisione sia stata arrotondata al più vicino",
          "la división se redondeó al más cercano"),
         ("A window that does not fit is dropped: round down.",
          "La finestra che non entra si scarta: arrotonda per difetto.",
          "La ventana que no cabe se descarta: redondea hacia abajo."),
         "derived: Python's round()", rule=lambda v: round(Fraction(_moved(v), v["s"])) + 1),
    Slip("size.ignored_stride", "conv_size", "stride",
         ("the stride was ignored", "il passo (stride) sia stato ignorato", "se ignoró el paso (stride)"),
         ("The window moves s pixels at a time: divide by the stride.",
          "La finestra si sposta di s pixel alla volta: dividi per il passo.",
          "La ventana avanza s píxeles cada vez: divide por el paso."),
         "https://ai.stackexchange.com/questions/8327", read=_as(s=1)),
    Slip("size.same_rule", "conv_size", "padding kernel dilation rounding",
         ("the rule of padding='same' was used", "sia stata usata la regola di padding='same'",
          "se usó la regla de padding='same'"),
         ("⌈n/s⌉ holds for 'same' padding only; here the padding is a number.",
          "⌈n/s⌉ vale solo con padding 'same'; qui il padding è un numero.",
          "⌈n/s⌉ vale solo con relleno 'same'; aquí el relleno es un número."),
         "https://github.com/pytorch/pytorch/issues/67551", rule=lambda v: ceil_div(v["n"], v["s"])),
    Slip("size.ignored_dilation", "conv_size", "dilation",
         ("the dilation was ignored", "la dilatazione sia stata ignorata", "se ignoró la dilatación"),
         ("A dilated kernel spans d·(k − 1) + 1 pixels, not k.",
          "Un filtro dilatato copre d·(k − 1) + 1 pixel, non k.",
          "Un filtro dilatado abarca d·(k − 1) + 1 píxeles, no k."),
         "https://discuss.pytorch.org/t/66834", read=_as(d=1)),
    Slip("size.dilation_times_k", "conv_size", "dilation",
         ("the dilated kernel was taken as d·k wide", "il filtro dilatato sia stato preso largo d·k",
          "el filtro dilatado se tomó de ancho d·k"),
         ("Between k taps there are k − 1 gaps: it spans d·(k − 1) + 1 pixels.",
          "Fra k campioni ci sono k − 1 intervalli: copre d·(k − 1) + 1 pixel.",
          "Entre k muestras hay k − 1 huecos: abarca d·(k − 1) + 1 píxeles."),
         "https://discuss.pytorch.org/t/14338", read=lambda v: {"k": v.get("d", 1) * v["k"], "d": 1}),
    Slip("size.filters_as_kernel", "conv_size", "kernel dilation",
         ("the number of filters was used as their size", "il numero di filtri sia stato usato come dimensione",
          "el número de filtros se usó como su tamaño"),
         ("The size of the map depends on the kernel's size, not on how many filters there are.",
          "La dimensione dipende da quanto è grande il filtro, non da quanti sono i filtri.",
          "El tamaño depende de lo grande que es el filtro, no de cuántos filtros hay."),
         "Coursera, Convolutional Neural Networks, week 1 quiz, question 4 (distractor 16×16×32)",
         read=lambda v: {"k": v["co"], "d": 1}, needs=("co",)),
    Slip("size.input_over_window", "pool_size", "padding stride rounding ending",
         ("the size was divided by the window", "la dimensione sia stata divisa per la finestra",
          "el tamaño se dividió por la ventana"),
         ("n/k holds only where the stride equals the window and nothing is padded.",
          "n/k vale solo se il passo è uguale alla finestra e senza padding.",
          "n/k solo vale si el paso es igual a la ventana y no hay relleno."),
         "https://github.com/vlfeat/matconvnet/issues/1110", rule=lambda v: v["n"] // v["k"]),
    Slip("size.pool_stride_one", "pool_size", "stride",
         ("the pooling window was moved by 1", "la finestra di pooling sia stata spostata di 1",
          "la ventana de pooling se movió de 1 en 1"),
         ("A pooling window moves by its stride, by default its own size.",
          "La finestra di pooling si sposta del suo passo, di solito la sua dimensione.",
          "La ventana de pooling avanza según su paso, por defecto su propio tamaño."),
         "Keras MaxPooling2D: strides default to pool_size", read=_as(s=1)),
)  # fmt: skip

TRANSPOSED = (
    Slip("transposed.as_conv", "transposed_size", "rule ending padding kernel dilation",
         ("the rule of an ordinary convolution was used", "sia stata usata la regola della convoluzione ordinaria",
          "se usó la regla de la convolución ordinaria"),
         ("A transposed convolution enlarges: (n − 1)·s − 2p + d·(k − 1) + output_padding + 1.",
          "La convoluzione trasposta ingrandisce: (n − 1)·s − 2p + d·(k − 1) + output_padding + 1.",
          "La convolución transpuesta agranda: (n − 1)·s − 2p + d·(k − 1) + output_padding + 1."),
         "https://discuss.pytorch.org/t/99419", rule=lambda v: _window(v)),
    Slip("transposed.padding_adds", "transposed_size", "padding",
         ("the padding was added instead of taken away", "il padding sia stato sommato invece che sottratto",
          "el relleno se sumó en vez de restarse"),
         ("In a transposed convolution padding shrinks the output: minus 2p.",
          "Nella convoluzione trasposta il padding riduce l'uscita: meno 2p.",
          "En la convolución transpuesta el relleno reduce la salida: menos 2p."),
         "https://discuss.pytorch.org/t/99419", read=lambda v: {"P": -2 * v.get("p", 0)}),
    Slip("transposed.ignored_padding", "transposed_size", "padding",
         ("the padding was ignored", "il padding sia stato ignorato", "se ignoró el relleno"),
         ("Padding cuts p from both ends of the output.", "Il padding toglie p da entrambi i lati dell'uscita.",
          "El relleno quita p de ambos extremos de la salida."), "derived", read=lambda v: {"P": 0}),
    Slip("transposed.padding_once", "transposed_size", "padding",
         ("the padding was taken away on one side only", "il padding sia stato tolto da un solo lato",
          "el relleno se quitó de un solo lado"),
         ("Padding cuts p from both ends of the output: minus 2p.",
          "Il padding toglie p da entrambi i lati: meno 2p.",
          "El relleno quita p de ambos extremos: menos 2p."), "derived", read=lambda v: {"P": v.get("p", 0)}),
    Slip("transposed.forgot_output_padding", "transposed_size", "extra",
         ("the output padding was left out", "manchi l'output padding", "falta el output padding"),
         ("Add output_padding: it chooses among the sizes that the same convolution would map here.",
          "Aggiungi output_padding: sceglie fra le dimensioni che la stessa convoluzione porterebbe qui.",
          "Suma output_padding: elige entre los tamaños que la misma convolución llevaría aquí."),
         "https://stackoverflow.com/questions/67100802", read=_as(op=0)),
    Slip("transposed.n_times_stride", "transposed_size", "ending",
         ("n was multiplied by the stride instead of n − 1", "sia stato moltiplicato n per il passo invece di n − 1",
          "se multiplicó n por el paso en vez de n − 1"),
         ("Between n positions there are n − 1 steps: (n − 1)·s.", "Fra n posizioni ci sono n − 1 passi: (n − 1)·s.",
          "Entre n posiciones hay n − 1 pasos: (n − 1)·s."), "derived",
         rule=lambda v: transposed_size(v["n"] + 1, v["k"], v["s"], padding_of(v), v.get("op", 0), v.get("d", 1))),
)  # fmt: skip


def _product(v: Values) -> int:
    """Weights without biases, from the house."""
    return QUANTITIES["conv_params"].rule({**v, "b": 0})  # type: ignore[return-value]


def _first_axis(v: Values) -> Any:
    """A window that is one pixel high: what is left of k × k when it is not squared."""
    k = v["k"]
    return (k[0], 1) if isinstance(k, tuple) else (k, 1)


_FILTER = ("A filter spans all input channels: multiply by C_in.",
           "Un filtro attraversa tutti i canali d'ingresso: moltiplica per C_in.",
           "Un filtro abarca todos los canales de entrada: multiplica por C_in.")  # fmt: skip
_GROUPS = ("With g groups each filter sees C_in/g channels.", "Con g gruppi ogni filtro vede C_in/g canali.",
           "Con g grupos cada filtro ve C_in/g canales.")  # fmt: skip
_SQUARED = ("A k×k kernel has k·k weights a channel.", "Un filtro k×k ha k·k pesi per canale.",
            "Un filtro k×k tiene k·k pesos por canal.")  # fmt: skip

PARAMETERS = (
    Slip("params.forgot_bias", "conv_params", "bias",
         ("the biases were forgotten", "siano stati dimenticati i bias", "se olvidaron los sesgos"),
         ("Each filter has one bias.", "Ogni filtro ha un bias.", "Cada filtro tiene un sesgo."),
         "https://stats.stackexchange.com/questions/570254; CS231n (34,848 and 34,944)", read=_as(b=0)),
    Slip("params.one_bias_total", "conv_params", "bias",
         ("one bias was counted for the whole layer", "sia stato contato un solo bias per tutto lo strato",
          "se contó un solo sesgo para toda la capa"),
         ("Each filter has its own bias.", "Ogni filtro ha il proprio bias.", "Cada filtro tiene su propio sesgo."),
         "Coursera, Convolutional Neural Networks, week 1 quiz, question 3 (distractor 2501)",
         read=_as(b=0), finish=lambda value, v: value + v.get("b", 1)),
    Slip("params.bias_per_input_channel", "conv_params", "bias",
         ("one bias was counted for each input channel", "sia stato contato un bias per canale d'ingresso",
          "se contó un sesgo por canal de entrada"),
         ("Biases go with the output channels.", "I bias sono uno per canale di uscita.",
          "Los sesgos van con los canales de salida."), "derived",
         read=_as(b=0), finish=lambda value, v: value + v.get("b", 1) * v["ci"]),
    Slip("params.bias_per_kernel_slice", "conv_params", "bias",
         ("one bias was counted for each slice of each filter", "sia stato contato un bias per ogni fetta dei filtri",
          "se contó un sesgo por cada capa de cada filtro"),
         ("A filter has one bias, not one for each input channel.",
          "Un filtro ha un solo bias, non uno per canale d'ingresso.",
          "Un filtro tiene un solo sesgo, no uno por canal de entrada."),
         "forum threads on RGB inputs (6 kernels for 2 outputs and 3 inputs)",
         read=_as(b=0), finish=lambda value, v: value + v.get("b", 1) * v["co"] * v["ci"] // v.get("g", 1)),
    Slip("params.forgot_input_channels", "conv_params", "inputs groups",
         ("the input channels were forgotten", "siano stati dimenticati i canali d'ingresso",
          "se olvidaron los canales de entrada"), _FILTER,
         "Coursera, Convolutional Neural Networks, week 1 quiz, question 3 (distractor 2600)",
         read=lambda v: {"ci": v.get("g", 1)}),
    Slip("params.forgot_output_channels", "conv_params", "outputs",
         ("only one filter was counted", "sia stato contato un solo filtro", "se contó un solo filtro"),
         ("Multiply by the number of filters.", "Moltiplica per il numero di filtri.",
          "Multiplica por el número de filtros."),
         "https://ai.stackexchange.com (280 = 10·27 + 10)",
         read=lambda v: {"co": 1, "ci": v["ci"] // v.get("g", 1), "g": 1}),
    Slip("params.kernel_not_squared", "conv_params", "kernel",
         ("the kernel was counted along one axis only", "il filtro sia stato contato lungo un solo asse",
          "el filtro se contó en un solo eje"), _SQUARED, "derived", read=lambda v: {"k": _first_axis(v)}),
    Slip("params.not_shared", "conv_params", "sharing",
         ("the weights were counted anew at every position", "i pesi siano stati contati a ogni posizione",
          "los pesos se contaron en cada posición"),
         ("Weights are shared over all positions: do not multiply by the output's size.",
          "I pesi sono condivisi fra tutte le posizioni: non moltiplicare per le dimensioni dell'uscita.",
          "Los pesos se comparten en todas las posiciones: no multipliques por el tamaño de la salida."),
         "CS231n, parameter sharing: 290,400 · 364 = 105,705,600",
         finish=lambda value, v: value * _positions(v), needs=("ho", "wo")),
    Slip("params.counted_neurons", "conv_params", "rule bias kernel sharing inputs outputs groups",
         ("the output's neurons were counted", "siano stati contati i neuroni di uscita",
          "se contaron las neuronas de salida"),
         ("Neurons are not parameters: count the weights of the filters.",
          "I neuroni non sono parametri: conta i pesi dei filtri.",
          "Las neuronas no son parámetros: cuenta los pesos de los filtros."),
         "https://github.com/MITDeepLearning/introtodeeplearning/issues/13",
         rule=lambda v: v["co"] * _positions(v), needs=("ho", "wo")),
    Slip("params.forgot_groups", "conv_params", "groups",
         ("the groups were ignored", "i gruppi siano stati ignorati", "se ignoraron los grupos"), _GROUPS,
         "https://discuss.pytorch.org/t/127331", read=_as(g=1)),
    Slip("params.one_group", "conv_params", "groups outputs",
         ("only one of the groups was counted", "sia stato contato uno solo dei gruppi",
          "se contó uno solo de los grupos"),
         ("There are g groups: count them all.", "I gruppi sono g: contali tutti.", "Hay g grupos: cuéntalos todos."),
         "https://discuss.pytorch.org/t/127331",
         read=lambda v: {"co": v["co"] // v.get("g", 1), "ci": v["ci"] // v.get("g", 1), "g": 1}),
    Slip("params.dense_forgot_bias", "dense_params", "bias",
         ("the biases were forgotten", "siano stati dimenticati i bias", "se olvidaron los sesgos"),
         ("Each output neuron has one bias.", "Ogni neurone di uscita ha un bias.",
          "Cada neurona de salida tiene un sesgo."),
         "https://stats.stackexchange.com/questions/570254 (32,768 and 32,896)", read=_as(b=0)),
    Slip("params.dense_one_bias", "dense_params", "bias",
         ("one bias was counted for the whole layer", "sia stato contato un solo bias per tutto lo strato",
          "se contó un solo sesgo para toda la capa"),
         ("Each output neuron has its own bias.", "Ogni neurone di uscita ha il proprio bias.",
          "Cada neurona de salida tiene su propio sesgo."),
         "Coursera, Convolutional Neural Networks, week 1 quiz, question 2 (distractor 27,000,001)",
         read=_as(b=0), finish=lambda value, v: value + v.get("b", 1)),
    Slip("params.dense_bias_per_input", "dense_params", "bias",
         ("one bias was counted for each input", "sia stato contato un bias per ingresso",
          "se contó un sesgo por entrada"),
         ("Biases go with the output neurons.", "I bias sono uno per neurone di uscita.",
          "Los sesgos van con las neuronas de salida."), "derived",
         read=_as(b=0), finish=lambda value, v: value + v.get("b", 1) * v["fin"]),
    Slip("params.norm_all_trainable", "norm_trainable", "count",
         ("the running statistics were counted as trainable", "le statistiche siano state contate come addestrabili",
          "las estadísticas se contaron como entrenables"),
         ("Batch norm trains 2 numbers a channel; mean and variance are stored, not trained.",
          "La batch norm addestra 2 numeri per canale; media e varianza sono memorizzate.",
          "Batch norm entrena 2 números por canal; media y varianza se guardan, no se entrenan."),
         "https://stackoverflow.com/questions/42521005",
         rule=lambda v: QUANTITIES["norm_total"].rule(v)),
    Slip("params.norm_one_per_channel", "norm_trainable", "count",
         ("one number was counted for each channel", "sia stato contato un numero per canale",
          "se contó un número por canal"),
         ("Batch norm has a scale and a shift for each channel.",
          "La batch norm ha una scala e uno spostamento per canale.",
          "Batch norm tiene una escala y un desplazamiento por canal."), "derived", rule=lambda v: v["co"]),
    Slip("params.norm_trainable_only", "norm_total", "count",
         ("only the trainable numbers were counted", "siano stati contati solo i numeri addestrabili",
          "se contaron solo los números entrenables"),
         ("The total also counts the running mean and variance of each channel.",
          "Il totale conta anche la media e la varianza di ogni canale.",
          "El total también cuenta la media y la varianza de cada canal."),
         "https://stackoverflow.com/questions/42521005", rule=lambda v: QUANTITIES["norm_trainable"].rule(v)),
    Slip("params.norm_total_one_per_channel", "norm_total", "count",
         ("one number was counted for each channel", "sia stato contato un numero per canale",
          "se contó un número por canal"),
         ("Batch norm stores four numbers a channel: scale, shift, mean, variance.",
          "La batch norm ha quattro numeri per canale: scala, spostamento, media, varianza.",
          "Batch norm guarda cuatro números por canal: escala, desplazamiento, media, varianza."),
         "derived", rule=lambda v: v["co"]),
    Slip("flat.forgot_channels", "flat", "count",
         ("the channels were forgotten", "siano stati dimenticati i canali", "se olvidaron los canales"),
         ("Flatten keeps every number: C·H·W.", "Flatten conserva tutti i numeri: C·H·W.",
          "Flatten conserva todos los números: C·H·W."),
         "https://androidkt.com/fix-runtimeerror-mat1-and-mat2-shapes-cannot-be-multiplied/", read=_as(co=1)),
    Slip("flat.forgot_width", "flat", "axis",
         ("only one of the two sides was counted", "sia stato contato uno solo dei due lati",
          "se contó uno solo de los dos lados"),
         ("Flatten multiplies both sides: C·H·W.", "Flatten moltiplica entrambi i lati: C·H·W.",
          "Flatten multiplica ambos lados: C·H·W."),
         "https://geekycodes.in (mat1 and mat2 shapes cannot be multiplied)", read=_as(wo=1)),
)  # fmt: skip

FIELDS = (
    Slip("field.sum_of_kernels", "field", "rule strides",
         ("the kernel sizes were added up", "siano state sommate le dimensioni dei filtri",
          "se sumaron los tamaños de los filtros"),
         ("Start from 1 and add (k − 1) times the jump for each layer.",
          "Parti da 1 e somma (k − 1) per il salto a ogni strato.",
          "Empieza en 1 y suma (k − 1) por el salto en cada capa."),
         "https://ai.stackexchange.com/questions/5107", rule=lambda v: sum(extent(k, d) for k, _, d in v["L"])),
    Slip("field.ignored_strides", "field", "strides",
         ("the strides were ignored", "i passi (stride) siano stati ignorati", "se ignoraron los pasos (stride)"),
         ("Multiply each (k − 1) by the product of the strides before that layer.",
          "Moltiplica ogni (k − 1) per il prodotto dei passi precedenti.",
          "Multiplica cada (k − 1) por el producto de los pasos anteriores."),
         "https://blog.csdn.net/qq_38742161/article/details/98473571",
         read=lambda v: {"L": [(k, 1, d) for k, _, d in v["L"]]}),
    Slip("field.jump_updated_first", "field", "rule strides",
         ("each layer's own stride was multiplied in too early",
          "il passo di ogni strato sia stato moltiplicato troppo presto",
          "el paso de cada capa se multiplicó demasiado pronto"),
         ("Use the jump before the layer's own stride; update it afterwards.",
          "Usa il salto prima del passo dello strato; aggiornalo dopo.",
          "Usa el salto antes del paso de la capa; actualízalo después."),
         "after Araujo, Norris & Sim 2019 (Distill); derived", rule=_jump_first),
    Slip("field.ignored_dilation", "field", "dilation",
         ("the dilation was ignored", "la dilatazione sia stata ignorata", "se ignoró la dilatación"),
         ("A dilated kernel spans d·(k − 1) + 1 pixels.", "Un filtro dilatato copre d·(k − 1) + 1 pixel.",
          "Un filtro dilatado abarca d·(k − 1) + 1 píxeles."),
         "https://click4ai.perfionixai.com/problems/dilated-convolution",
         read=lambda v: {"L": [(k, s, 1) for k, s, _ in v["L"]]}),
    Slip("field.whole_kernels", "field", "rule",
         ("k was added for each layer instead of k − 1", "sia stato sommato k per ogni strato invece di k − 1",
          "se sumó k por cada capa en vez de k − 1"),
         ("Neighbouring windows overlap: add (k − 1) times the jump, starting from 1.",
          "Le finestre vicine si sovrappongono: somma (k − 1) per il salto, partendo da 1.",
          "Las ventanas vecinas se solapan: suma (k − 1) por el salto, empezando en 1."),
         "derived", rule=_whole_kernels),
    Slip("field.last_kernel", "field", "rule strides",
         ("the last kernel was given as the receptive field", "sia stato dato l'ultimo filtro come campo recettivo",
          "se dio el último filtro como campo receptivo"),
         ("The field is counted in pixels of the input, through all layers.",
          "Il campo si misura in pixel dell'ingresso, attraverso tutti gli strati.",
          "El campo se mide en píxeles de la entrada, a través de todas las capas."),
         "CS231n notes call the filter size the receptive field", rule=lambda v: extent(v["L"][-1][0], v["L"][-1][2])),
    Slip("field.from_zero", "field", "ending",
         ("the count was started from 0", "il conto sia partito da 0", "la cuenta empezó en 0"),
         ("One pixel sees itself: start from 1.", "Un pixel vede se stesso: parti da 1.",
          "Un píxel se ve a sí mismo: empieza en 1."), "derived", finish=lambda value, v: value - 1),
)  # fmt: skip

COSTS = (
    Slip("cost.macs_as_flops", "flops", "unit",
         ("multiply-accumulates were given as FLOPs", "siano state date le moltiplicazioni-somme come FLOP",
          "se dieron las multiplicaciones-sumas como FLOP"),
         ("One multiply-accumulate is two floating-point operations.",
          "Una moltiplicazione-somma sono due operazioni in virgola mobile.",
          "Una multiplicación-suma son dos operaciones de coma flotante."),
         "https://github.com/facebookresearch/fvcore/issues/69", rule=lambda v: QUANTITIES["macs"].rule(v)),
    Slip("cost.flops_as_macs", "macs", "unit",
         ("multiplications and additions were counted apart",
          "moltiplicazioni e somme siano state contate separatamente",
          "multiplicaciones y sumas se contaron por separado"),
         ("A multiply-accumulate is one multiplication with its addition.",
          "Una moltiplicazione-somma è una moltiplicazione con la sua somma.",
          "Una multiplicación-suma es una multiplicación con su suma."),
         "https://github.com/Lyken17/pytorch-OpCounter/issues/46", rule=lambda v: QUANTITIES["flops"].rule(v)),
    Slip("cost.used_input_size", "macs flops", "positions",
         ("input positions were counted instead of output positions",
          "siano state contate le posizioni d'ingresso invece di quelle di uscita",
          "se contaron las posiciones de entrada en vez de las de salida"),
         ("The filters are applied once for each output position.",
          "I filtri si applicano una volta per ogni posizione di uscita.",
          "Los filtros se aplican una vez por cada posición de salida."),
         "derived", read=_as(ho="hi", wo="wi"), needs=("hi", "wi")),
    Slip("cost.one_position", "macs flops", "positions",
         ("the output positions were left out", "siano state tralasciate le posizioni di uscita",
          "se omitieron las posiciones de salida"),
         ("Those are the weights; each is used once for every output position.",
          "Questi sono i pesi; ognuno si usa una volta per ogni posizione di uscita.",
          "Esos son los pesos; cada uno se usa una vez por cada posición de salida."),
         "derived", read=_as(ho=1, wo=1)),
    Slip("cost.one_side", "macs flops", "positions",
         ("only one side of the output was counted", "sia stato contato un solo lato dell'uscita",
          "se contó un solo lado de la salida"),
         ("There are H·W output positions.", "Le posizioni di uscita sono H·W.", "Hay H·W posiciones de salida."),
         "derived", read=_as(wo=1)),
    Slip("cost.forgot_input_channels", "macs flops", "inputs groups",
         ("the input channels were forgotten", "siano stati dimenticati i canali d'ingresso",
          "se olvidaron los canales de entrada"), _FILTER, "derived", read=lambda v: {"ci": v.get("g", 1)}),
    Slip("cost.forgot_groups", "macs flops", "groups",
         ("the groups were ignored", "i gruppi siano stati ignorati", "se ignoraron los grupos"), _GROUPS,
         "https://discuss.pytorch.org/t/127331", read=_as(g=1)),
    Slip("cost.kernel_not_squared", "macs flops", "kernel",
         ("the kernel was counted along one axis only", "il filtro sia stato contato lungo un solo asse",
          "el filtro se contó en un solo eje"), _SQUARED, "derived", read=lambda v: {"k": _first_axis(v)}),
    Slip("memory.numbers_not_bytes", "bytes", "width",
         ("numbers were counted instead of bytes", "siano stati contati i numeri invece dei byte",
          "se contaron números en vez de bytes"),
         ("A float32 takes 4 bytes.", "Un float32 occupa 4 byte.", "Un float32 ocupa 4 bytes."),
         "derived", read=_as(width=1)),
    Slip("memory.bits", "bytes", "width",
         ("bits were counted instead of bytes", "siano stati contati i bit invece dei byte",
          "se contaron bits en vez de bytes"),
         ("A byte has 8 bits: a float32 takes 4 bytes.", "Un byte ha 8 bit: un float32 occupa 4 byte.",
          "Un byte tiene 8 bits: un float32 ocupa 4 bytes."),
         "derived", read=lambda v: {"width": 8 * v["width"]}),
    Slip("memory.forgot_batch", "bytes", "batch",
         ("only one image of the batch was counted", "sia stata contata una sola immagine del batch",
          "se contó una sola imagen del lote"),
         ("Every image of the batch has its own activations.", "Ogni immagine del batch ha le proprie attivazioni.",
          "Cada imagen del lote tiene sus propias activaciones."), "derived", read=_as(batch=1)),
    Slip("memory.forgot_channels", "bytes", "channels",
         ("the channels were forgotten", "siano stati dimenticati i canali", "se olvidaron los canales"),
         ("There is one map for each channel.", "C'è una mappa per ogni canale.", "Hay un mapa por cada canal."),
         "derived", read=_as(co=1)),
)  # fmt: skip

SLIPS = {slip.id: slip for slip in (*SIZES, *TRANSPOSED, *PARAMETERS, *FIELDS, *COSTS)}
_OF = {name: tuple(slip for slip in SLIPS.values() if name in slip.quantity.split()) for name in QUANTITIES}


def slips_of(quantity: str, values: Values | None = None) -> tuple[Slip, ...]:
    """The slips that can happen with a quantity; with ``values``, those whose letters are given."""
    found = _OF[quantity]
    return found if values is None else tuple(slip for slip in found if all(name in values for name in slip.needs))


def pairs_of(slips: tuple[Slip, ...]) -> Iterator[tuple[Slip, Slip]]:
    """Two slips of different aspects made at once."""
    for a, b in combinations(slips, 2):
        if not (set(_words(a)) & set(_words(b))) and (a.rule is None or b.rule is None):
            yield a, b


def _words(slip: Slip) -> tuple[str, ...]:
    return tuple(slip.aspect.split())


@lru_cache(maxsize=4096)
def slipped(*slips: Slip) -> Evaluate:
    """The house's rules as somebody applies them who makes these slips, and makes them everywhere.

    >>> slipped(SLIPS["params.forgot_bias"])("conv_params", {"ci": 3, "co": 2, "k": 3})
    54
    """
    rules: dict[str, Callable[[Values], Number]] = {}

    def evaluate(quantity: str, values: Values) -> Number:
        rule = rules.get(quantity)
        if rule is None:
            rule = rules[quantity] = _mutated(quantity, slips)
        return rule(values)

    return evaluate


def _mutated(quantity: str, slips: tuple[Slip, ...]) -> Callable[[Values], Number]:
    """One quantity's rule with the slips that touch it built in."""
    mine = [slip for slip in slips if quantity in slip.quantity.split()]
    rule = next((slip.rule for slip in mine if slip.rule), QUANTITIES[quantity].rule)
    reads, finishes = [slip.read for slip in mine if slip.read], [slip.finish for slip in mine if slip.finish]
    if not (reads or finishes):
        return rule

    def mutant(values: Values) -> Number:
        seen = dict(values)
        for read in reads:
            seen |= read(values)
        value = rule(seen)
        for finish in finishes:
            value = finish(value, values)
        return value

    return mutant
