"""Questions about a network that comes with cnncalc: "how many parameters has resnet50?"."""

from cnncalc.ask.answers import Analyst, Answer, Reply
from cnncalc.ask.assembly import Assembler
from cnncalc.ask.reading import Reading, failed
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import value
from cnncalc.exact.rules import ShapeError
from cnncalc.spec.errors import SpecError

ALIASES = {"lenet": "lenet5", "zfnet": "", "yolo": "", "vggnet": "vgg16"}
ASKED = frozenset(
    "params weights biases macs mults flops output field jump nontrainable connections neurons memory".split()
)
SINGLE = frozenset("params weights biases macs mults flops connections".split())


def about(said: Assembler) -> Reply:
    """Answer a question about a shipped network. Raises Refused for one that is not there."""
    name = ALIASES.get(said.name, said.name)
    for one in said.asks:
        if one.quantity not in ASKED or one.layers or one.each:
            raise Refused(
                f"'{one.word}' of a network by its name was not understood; cnncalc summary {name} shows every layer"
            )
    if said.numbers or said.loose or said.given or said.sides or said.channels is not None or said.variants:
        raise Refused(f"a number beside the name {name} was not understood")
    try:
        reading = Reading(name, {}, layout="first", named=True, settings=_sizes(said, name))
        variants = reading.spec().outline.variants
        if variants and name not in variants:
            raise Refused(f"{name} is a family; which one of {', '.join(variants)}?")
        analyst = Analyst(reading, said)
    except SpecError as error:
        raise Refused(failed(error)) from None
    except ShapeError as error:
        raise Refused(str(error)) from None
    answers: list[Answer] = []
    for one in said.asks:
        found = list(analyst.answers(one))
        answers += found[:1] if one.quantity in SINGLE else found
    about_it = analyst.analysis.network.about
    source = [f"{about_it.title or name}: {about_it.source}"] if about_it.source else []
    sizes = "×".join(map(str, analyst.analysis.network.input))
    return Reply(name, answers, [f"input {sizes}", *source], list(about_it.notes), [reading])


def _sizes(said: Assembler, name: str) -> dict[str, int]:
    """An input size told in the question, as settings of H and W."""
    if len(said.inputs) > 1:
        raise Refused("several inputs for one network: ask one after the other")
    if not said.inputs:
        return {}
    sizes = [size for size in value(said.inputs[0][0]) if isinstance(size, int)]
    if len(sizes) == 3:
        sizes = sizes[:2] if sizes[-1] in (1, 3) else sizes[1:]
    if len(sizes) != 2:
        raise Refused(f"the input {said.inputs[0][0].text} was not understood")
    return {"H": sizes[0], "W": sizes[1]}
