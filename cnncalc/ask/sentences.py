"""What a reply says beside its numbers, in Italian and Spanish: assumptions and the names of quantities.

Loaded only for a reply in one of them; a sentence that is not here stays English.
"""

LANGUAGES = ("it", "es")
SENTENCES: dict[str, tuple[str, str]] = {
    "stride 1": ("stride 1", "stride 1"),
    "padding 0": ("padding 0", "padding 0"),
    "bias counted": ("bias contati", "sesgos contados"),
    "pooling stride = window": ("stride del pooling = finestra", "stride del pooling = ventana"),
    "pooling windows are 2x2": ("le finestre di pooling sono 2x2", "las ventanas de pooling son 2x2"),
    "one filter": ("un filtro", "un filtro"),
    "the image has one channel": ("l'immagine ha un canale", "la imagen tiene un canal"),
    "LeNet's input has 1 channel": ("l'ingresso di LeNet ha 1 canale", "la entrada de LeNet tiene 1 canal"),
    "the pooling is max pooling (average pooling gives the same sizes)": (
        "il pooling è max pooling (l'average pooling dà le stesse dimensioni)",
        "el pooling es max pooling (el average pooling da los mismos tamaños)",
    ),
    "every pooling has the window that is told once": (
        "ogni pooling ha la finestra detta una volta",
        "todo pooling tiene la ventana dicha una vez",
    ),
    "a pooling follows every convolution": (
        "a ogni convoluzione segue un pooling",
        "a cada convolución le sigue un pooling",
    ),
    "'with padding' keeps the size (same)": (
        "'con padding' conserva la dimensione (same)",
        "'con padding' conserva el tamaño (same)",
    ),
    "same padding with a stride gives ⌈n/stride⌉, as in TensorFlow": (
        "il padding same con uno stride dà ⌈n/stride⌉, come in TensorFlow",
        "el padding same con un stride da ⌈n/stride⌉, como en TensorFlow",
    ),
    "the padding keeps the size, as in MobileNet": (
        "il padding conserva la dimensione, come in MobileNet",
        "el padding conserva el tamaño, como en MobileNet",
    ),
    "no bias in the depthwise separable convolution, as in MobileNet": (
        "nessun bias nella convoluzione separabile, come in MobileNet",
        "sin sesgo en la convolución separable, como en MobileNet",
    ),
    "biases are not counted, as usual where convolutions are compared": (
        "i bias non sono contati, come d'uso nel confronto di convoluzioni",
        "los sesgos no se cuentan, como es usual al comparar convoluciones",
    ),
    "connections of a dense network are counted without biases": (
        "le connessioni di una rete densa sono contate senza bias",
        "las conexiones de una red densa se cuentan sin sesgos",
    ),
    "rounded down where a window does not fit, as the frameworks do; CS231n calls such a stride invalid": (
        "arrotondato per difetto dove una finestra non entra, come nei framework; per CS231n lo stride non è valido",
        "redondeado hacia abajo donde una ventana no cabe, como en los frameworks; CS231n llama inválido a ese stride",
    ),
    "Caffe rounds the sizes of pooling up": (
        "Caffe arrotonda per eccesso le dimensioni del pooling",
        "Caffe redondea hacia arriba los tamaños del pooling",
    ),
    "two FLOPs a multiply-accumulate, biases not counted": (
        "due FLOP per moltiplicazione e somma, bias non contati",
        "dos FLOP por multiplicación y suma, sesgos no contados",
    ),
    "one FLOP a multiply-accumulate, biases not counted": (
        "un FLOP per moltiplicazione e somma, bias non contati",
        "un FLOP por multiplicación y suma, sesgos no contados",
    ),
    "classes told once a box": ("classi dette una volta per box", "clases dichas una vez por caja"),
    "classes told once a cell": ("classi dette una volta per cella", "clases dichas una vez por celda"),
    "a box has 4 numbers and a confidence": (
        "un box ha 4 numeri e una confidenza",
        "una caja tiene 4 números y una confianza",
    ),
    # --- quantities ------------------------------------------------------------------------------------
    "receptive field": ("campo recettivo", "campo receptivo"),
    "weights": ("pesi", "pesos"),
    "biases": ("bias", "sesgos"),
    "neurons": ("neuroni", "neuronas"),
    "connections": ("connessioni", "conexiones"),
    "multiplications": ("moltiplicazioni", "multiplicaciones"),
    "features": ("feature", "características"),
    "memory": ("memoria", "memoria"),
    "kernel": ("kernel", "kernel"),
    "layers": ("strati", "capas"),
    "input": ("ingresso", "entrada"),
    "input channels": ("canali in ingresso", "canales de entrada"),
    "channels": ("canali", "canales"),
    "difference": ("differenza", "diferencia"),
    "ratio": ("rapporto", "razón"),
    "non trainable": ("non addestrabili", "no entrenables"),
    "lost": ("persi", "perdidos"),
    "units": ("unità", "unidades"),
    "classes": ("classi", "clases"),
}


def said_in(text: str, language: str) -> str:
    """A sentence or the name of a quantity in a language; as it is where there is no translation."""
    if language not in LANGUAGES:
        return text
    known = SENTENCES.get(text)
    return known[LANGUAGES.index(language)] if known else text
