"""What tokens say together: rules over their tags, each giving features of what is stated or asked.

A rule is a pattern of tags and the features it yields. At each place the longest match counts, of equals
the first. ``~`` passes over adjectives (their own meanings are kept), ``:=`` over "of size", "=", ":".
Every token is either read by a rule, known to carry no meaning, or reported as not read.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from cnncalc.ask.lexer import Token
from cnncalc.exact.records import fresh, record

SOFT = "W|UNK|RGB|GREY|SAME|VALID|NOPAD|DIMS|KERAS|TORCH|PIXELS|DASH"
LINK = "P|FROM|ART|DIMS|EQ|COLON|OF|WITH|W|SIZE|LPAR|DASH|GIVES|BE"
SOFT_GAP = r"(?:(?:RGB|GREY|DASH|W) ){0,2}"
MACROS = {
    "~": rf"(?:(?:{SOFT}) ){{0,4}}",
    ":=": rf"(?:(?:{LINK}) ){{0,4}}",
    "V": "NUM|LET",
    "K": "S2|T2",
    "SH": "S2|S3|S4|T2|T3|T4|T1",
    "KIND": "CONV|POOL|DENSE|WHOLE|ACT|SOFTMAX|UPSAMPLE",
    "FIL": "FILTER|FILTERS",
}


@record
class Feature:
    """Something that is stated or asked: a name, its values, and the tokens it was read from."""

    name: str
    values: tuple[Any, ...]
    start: int
    end: int
    tokens: tuple[Token, ...] = fresh(default_factory=tuple)


RULES: tuple[tuple[str, str], ...] = (
    # --- the input -----------------------------------------------------------------------------------
    ("INPUT := i:SH", "input=i"),
    ("INPUT := i:NUM PIXELS? !CONV|S2|FILTER|FILTERS|LAYER|POOL|UNITS|MAPS|OUTCH|INCH|DENSE|HIDDEN", "side=i"),
    ("INPUT := i:NUM CHANNELS", "channels=i"),
    ("FROM W|ART* i:S2|S3|T3 !TO|ARROW|P|CONV|POOL|FILTER|FILTERS", "input=i"),
    ("n:V CHANNELS P COMMA|AND? m:V CHANNELS OUTW", "inch=n filters=m"),
    ("n:NUM P COMMA|AND* m:NUM OUTW", "inch=n filters=m"),
    ("n:NUM CHANNELS P AND OUTW", "both=n"),
    ("DEPTH := l:LET EQ n:NUM", "channels=n"),
    ("ON P|W* n:V ~ MAPS", "inch=n"),
    ("ON P|W* n:V ~ MAPS AND W* GIVES m:V ~ MAPS?", "inch=n filters=m"),
    ("GIVES ~ n:V ~ MAPS|CHANNELS", "filters=n"),
    ("n:NUM UNITS TO|P|WITH m:NUM ~ UNITS|OUTPUTS|CLASSES", "side=n units=m"),
    ("INPUT := n:NUM ~ UNITS|FEATURES", "side=n"),
    ("i:SH ~ INPUT? TO|GIVES|P|ART* TO|GIVES|P|ART o:SH !FILTER|FILTERS|CONV|POOL|INPUT|MAPS", "input=i given=o"),
    ("FROM W|ART* i:SH ~ INPUT? TO|GIVES|P|ART* TO|GIVES|P|ART o:SH", "input=i given=o"),
    ("n:V INCH AND m:V OF? OUTPUTS|OUTCH", "inch=n filters=m"),
    ("n:V ~ INPUTS", "side=n"),
    ("INPUTS := n:V !INPUTS|OUTPUTS|UNITS|CHANNELS", "side=n"),
    ("n:NUM ~ UNITS|FEATURES OF|P|W* INPUT|INPUTS", "side=n"),
    ("n:NUM INPUT UNITS|FEATURES", "side=n"),
    ("MAPS := i:S2|S3|T3", "mapsof=i"),
    ("n:V CHANNELS TO|GIVES|P m:V CHANNELS", "inch=n filters=m"),
    ("FROM n:V CHANNELS TO m:V CHANNELS?", "inch=n filters=m"),
    ("n:NUM DASH? BIT", "bits=n"),
    ("d:DTYPE", "dtype=d"),
    ("INPUT := i:NUM FEATURES", "side=i"),
    ("i:SH ~ INPUT", "input=i"),
    ("i:SH ~ INPUT ~ MAPS", "input=i"),
    ("INPUT := i:LET", "side=i"),
    ("INPUT := l:LET EQ n:NUM", "letter=l,n"),
    ("ON W|ART|P* i:S3|S4|T3|T4", "input=i"),
    ("ON W|ART|P* i:S2|T2 ~ INPUT?", "input=i"),
    ("n:NUM CHANNELS i:S2", "input=i inch=n"),
    ("n:NUM INMAPS OF? i:S2?", "inch=n input=i"),
    ("i:S2|S3|T3 ~ MAPS", "mapsof=i"),
    ("n:V ~ MAPS := i:S2", "filters=n mapsize=i"),
    ("n:V ~ MAPS", "filters=n"),
    ("LENGTH := n:NUM", "side=n"),
    ("n:NUM LENGTH OF|WITH? c:NUM FEATURES|CHANNELS", "claims=n,c"),
    ("n:NUM LENGTH", "side=n"),
    ("HEIGHT := n:NUM", "height=n"),
    ("WIDTH := n:NUM", "width=n"),
    ("n:V INCH AND? m:V OUTCH", "inch=n filters=m"),
    ("n:V ARROW|TO m:V CHANNELS", "inch=n filters=m"),
    ("FROM n:V TO|ART|P m:V CHANNELS", "inch=n filters=m"),
    ("CHANNELS FROM n:V TO m:V", "inch=n filters=m"),
    ("n:V ~ INCH", "inch=n"),
    ("INCH := n:V", "inch=n"),
    ("n:V ~ OUTCH", "filters=n"),
    ("OUTCH := n:V", "filters=n"),
    ("n:V ~ IOCH", "both=n"),
    ("IOCH := ~ n:V", "both=n"),
    ("n:V CHANNELS IOCH", "both=n"),
    ("n:V ~ CHANNELS W|FOR|P|OF* INPUT AND OUTPUTS", "both=n"),
    ("SAME|THIS HOWMANY OF? CHANNELS n:LET", "both=n"),
    ("SAME|THIS HOWMANY OF? CHANNELS", "note"),
    ("SAME DEPTH n:LET|NUM", "both=n"),
    ("n:V ~ CHANNELS THIS? AND? IOCH?", "channels=n"),
    ("CHANNELS EQ|COLON n:V", "channels=n"),
    ("DEPTH := n:V", "channels=n"),
    ("n:NUM INPUT CHANNELS", "inch=n"),
    ("RGB", "colour=3"),
    ("GREY", "colour=1"),
    # --- filters and kernels -------------------------------------------------------------------------
    ("n:V ~ k:K|S3|S4 ~ FIL", "filters=n kernel=k"),
    ("n:V ~ k:K CONV? ~ FIL", "filters=n kernel=k"),
    ("n:V ~ FIL OF|SIZE|EQ|COLON|WITH|W|LPAR* k:K|S3|S4 !INPUT|MAPS", "filters=n kernel=k"),
    ("n:V ~ FIL OF|WITH|W|ART* SIZE+ OF|EQ|COLON* k:NUM|LET", "filters=n kernel=k"),
    ("n:V ~ FIL SLASH? FIL?", "filters=n"),
    ("list:NUMS ~ FIL|OUTCH|MAPS", "filterlist=list"),
    ("list:NUMS ~ k:K ~ FIL", "filterlist=list kernel=k"),
    ("list:NUMS ~ FIL := k:K", "filterlist=list kernel=k"),
    ("FILTERS EQ|COLON n:NUM", "filters=n"),
    ("FIL := k:K|S3|S4|T1|NUM|LET !INPUT|MAPS|CHANNELS|UNITS|ARROW", "kernel=k"),
    ("FIL := k:LET EQ n:NUM", "kernel=n"),
    ("FIL := list:SIZES", "kernellist=list"),
    ("k:K|S3 ~ FIL", "kernel=k"),
    ("k:LET ~ FIL", "kernel=k"),
    ("ART W? k:K ~ f:FILTER !OF|SIZE", "kernel=k single=f"),
    ("ART W? k:S3 ~ f:FILTER !OF|SIZE", "kernel=k single=f"),
    ("ART f:FILTER := k:K|S3 !INPUT|MAPS", "kernel=k single=f"),
    ("UNITS ~ ON|P|TO? k:S2 PIXELS|PATCH|FILTER", "kernel=k"),
    ("FIL", "mention"),
    # --- convolutions --------------------------------------------------------------------------------
    ("n:NUM ~ k:K ~ c:CONV LAYER?", "count=n conv=c kernel=k"),
    ("n:NUM LAYER OF? k:K ~ c:CONV", "times=n conv=c kernel=k"),
    ("n:NUM ~ c:CONV LAYER? := k:K", "count=n conv=c kernel=k"),
    ("n:NUM ~ c:CONV LAYER", "times=n conv=c"),
    ("n:NUM ~ c:CONV", "count=n conv=c"),
    ("n:NUM STRIDE s:NUM c:CONV LAYER? LPAR? k:K", "times=n conv=c stride=s kernel=k"),
    ("k:K ~ c:CONV LAYER?", "conv=c kernel=k"),
    ("k:K ~ STRIDE s:NUM c:CONV LAYER?", "conv=c kernel=k stride=s"),
    ("c:CONV LAYER? := k:K !INPUT|MAPS", "conv=c kernel=k"),
    ("c:CONV LAYER? := k:S3 !INPUT|MAPS", "conv=c kernelfilters=k"),
    ("k:S3 ~ c:CONV LAYER?", "conv=c kernelfilters=k"),
    ("c:CONV LAYER? := n:NUM COMMA? k:K|S3 !INPUT|MAPS|GIVES", "conv=c filters=n kernel=k"),
    ("c:CONV LAYER? := k:K COMMA? n:NUM !CHANNELS|INCH|OUTCH|UNITS|FILTER|FILTERS|ARROW|INPUT", "conv=c kernel=k filters=n"),
    ("c:CONV LAYER? EQ|COLON|LPAR|OF|WITH* n:NUM !CHANNELS|INCH|OUTCH|FILTER|FILTERS|MAPS|CONV|POOL|PIXELS|INPUT", "conv=c maybe=n"),
    ("c:CONV LAYER? n:NUM LPAR|COLON", "conv=c note"),
    ("n:NUM k:K !FILTER|FILTERS|CONV|POOL|INPUT|MAPS", "count=n kernel=k"),
    ("k:K i:NUM ARROW n:NUM", "kernel=k between=i,n"),
    ("c:CONV k:K COMMA? i:NUM ARROW n:NUM", "conv=c kernel=k between=i,n"),
    ("c:CONV LAYER? COLON? i:V ARROW n:V k:K?", "conv=c inch=i filters=n kernel=k"),
    ("c:CONV LAYER?", "conv=c"),
    ("c:CODE", "code=c"),
    ("c:CALL", "call=c"),
    # --- pools ---------------------------------------------------------------------------------------
    ("n:NUM ~ k:K ~ c:POOL LAYER?", "times=n pool=c kernel=k"),
    ("k:K ~ c:POOL LAYER? SLASH s:NUM", "pool=c kernel=k stride=s"),
    ("k:K ~ c:POOL LAYER?", "pool=c kernel=k"),
    ("k:K ~ STRIDE s:NUM c:POOL LAYER?", "pool=c kernel=k stride=s"),
    ("c:POOL LAYER? := k:K SLASH s:NUM", "pool=c kernel=k stride=s"),
    ("c:POOL LAYER? := k:K !INPUT|MAPS", "pool=c kernel=k"),
    ("c:POOL LAYER? := k:NUM", "pool=c kernel=k"),
    ("c:POOL LAYER?", "pool=c"),
    ("k:K c:CONV COMMA n:NUM COMMA SLASH s:NUM", "conv=c kernel=k filters=n stride=s"),
    ("k:K SLASH s:NUM", "kernel=k stride=s"),
    ("SLASH s:NUM", "stride=s"),
    # --- dense layers --------------------------------------------------------------------------------
    ("c:DENSE LAYER? := n:V !INPUTS|INPUT|INCH|CHANNELS|FEATURES|TO|ARROW ~ UNITS|OUTPUTS|CLASSES? !TO", "dense=c units=n"),
    ("c:DENSE LAYER? := n:V ~ INPUTS|FEATURES", "dense=c side=n"),
    ("c:DENSE LAYER? := n:NUM UNITS TO|P|WITH m:NUM ~ UNITS|OUTPUTS|CLASSES", "dense=c side=n units=m"),
    ("c:DENSE LAYER? FROM|OF|WITH|COLON|LPAR* i:NUM ~ INPUTS|FEATURES|UNITS? TO|ARROW n:NUM ~ OUTPUTS|UNITS|FEATURES?", "dense=c inch=i units=n"),
    ("c:DENSE LAYER? := i:NUM ARROW n:NUM", "dense=c inch=i units=n"),
    ("n:V ~ c:DENSE UNITS|LAYER?", "dense=c units=n"),
    ("n:V ~ UNITS ~ c:DENSE", "dense=c units=n"),
    ("n:V ~ UNITS := c:SOFTMAX?", "units=n"),
    ("c:DENSE LAYER? := list:NUMS", "dense=c unitlist=list"),
    ("c:DENSE u:UNITS", "onedense=u"),
    ("c:DENSE LAYER?", "dense=c"),
    ("c:HIDDEN LAYER? := n:V ~ UNITS?", "hidden=c units=n"),
    ("c:HIDDEN := list:NUMS ~ UNITS?", "hidden=c unitlist=list"),
    ("n:NUM ~ c:HIDDEN LAYER? := m:NUM ~ UNITS", "times=n hidden=c units=m"),
    ("n:NUM ~ c:HIDDEN LAYER? := list:NUMS ~ UNITS?", "hidden=c unitlist=list"),
    ("c:HIDDEN LAYER?", "hidden=c"),
    ("c:OUTLAYER := n:NUM ~ UNITS|CLASSES|OUTPUTS?", "outlayer=c units=n"),
    ("c:OUTLAYER", "outlayer=c"),
    ("n:V ~ OUTPUTS|CLASSES", "outputs=n"),
    ("OUTPUTS := n:NUM ~ CLASSES|UNITS|SOFTMAX?", "outputs=n"),
    ("c:SOFTMAX LAYER? := n:NUM ~ CLASSES|OUTPUTS|UNITS?", "softmax=n"),
    ("n:NUM DASH|W* c:SOFTMAX", "softmax=n"),
    ("c:SOFTMAX", "act=c"),
    ("c:ACT LAYER?", "act=c"),
    ("c:WHOLE LAYER?", "whole=c"),
    ("n:TIMES c:UPSAMPLE", "upsample=n"),
    ("c:CHAIN", "chain=c"),
    ("list:ARROWS", "chain=list"),
    ("LAYER OF|FROM|WITH|W|COLON|GIVES|P+ list:NUMS ~ UNITS?", "chain=list"),
    ("n:NUM INPUT", "images=n"),
    ("d:DATA", "data=d"),
    ("n:MLP", "mlp"),
    # --- stride, padding, dilation, groups, bias -----------------------------------------------------
    ("STRIDE := s:NUM|K|LET|T1", "stride=s"),
    ("STRIDE := l:LET EQ s:NUM", "stride=s"),
    ("STRIDE := s:NUM IN? W? AND W? HEIGHT|WIDTH", "stride=s"),
    ("PAD := p:NUM|K|LET|T1", "pad=p"),
    ("PAD := l:LET EQ p:NUM", "pad=p"),
    ("p:NUM ~ PAD", "pad=p"),
    ("p:NUM PIXELS OF? PAD", "pad=p"),
    ("WITHPAD := p:NUM|K|LET|T1", "pad=p"),
    ("PAD WITHPAD? := p:NUM|K|LET|T1", "pad=p"),
    ("PAD AND STRIDE BE|W|OF|EQ|COLON|ART|P* n:NUM AND m:NUM", "padstride=n,m"),
    ("STRIDE AND PAD BE|W|OF|EQ|COLON|ART|P* n:NUM AND m:NUM", "padstride=m,n"),
    ("STRIDE AND PAD BE|W|OF|EQ|COLON|ART|P* n:NUM !AND", "padstride=n,n"),
    ("PAD AND STRIDE BE|W|OF|EQ|COLON|ART|P* n:NUM !AND", "padstride=n,n"),
    ("WITHPAD SAME", "padmode=same"),
    ("WITHPAD VALID", "padmode=valid"),
    ("UNSHARED", "unshared"),
    ("SOME ~ c:CONV|LAYER|FILTER|FILTERS|POOL|DENSE|UNITS", "vague=c"),
    ("KEEPS ~ INPUT?", "keeps"),
    ("FITS", "askfits"),
    ("FITS s:NUM", "askfits stride=s"),
    ("FORMULA", "formula"),
    ("PAD := SAME", "padmode=same"),
    ("PAD := VALID", "padmode=valid"),
    ("SAME PAD?", "padmode=same"),
    ("VALID PAD?", "padmode=valid"),
    ("NOPAD", "pad0"),
    ("WITHPAD", "padmode=some"),
    ("FULLPAD", "padmode=full"),
    ("DILATION := d:NUM|LET|K", "dilation=d"),
    ("DILATION := l:LET EQ d:NUM", "dilation=d"),
    ("DILATION := list:NUMS", "dilations=list"),
    ("GROUPS := n:NUM", "groups=n"),
    ("OUTPAD := n:NUM", "outpad=n"),
    ("n:NUM GROUPS", "groups=n"),
    ("WITHBIAS", "bias1"),
    ("NOBIAS", "bias0"),
    ("BATCH := n:NUM", "batch=n"),
    ("n:NUM BATCH", "batch=n"),
    # --- letters of formulas -------------------------------------------------------------------------
    ("l:LET|LN EQ v:NUM|K|LET|S3", "letter=l,v"),
    ("l:LET|LN EQ m:LET|LN EQ v:NUM", "letter=l,v letter=m,v"),
    ("l:LN", "short=l"),
    ("l:LN k:K !POOL|CONV|FILTER|FILTERS", "figure=l,k"),
    ("l:LN n:NUM k:K !POOL|CONV|FILTER|FILTERS", "figure=l,k,n"),
    # --- what is asked -------------------------------------------------------------------------------
    ("HOWMANY? q:Q", "ask=q"),
    ("HOWMANY? q:QB", "ask=q"),
    ("WITH CONV? ~ QB", "bias1"),
    ("HOWMANY? q:Q LPAR? WITHBIAS", "askwith=q"),
    ("WHAT W|BE|ART* OUTPUTS QM|AND|COMMA|FOR|OF|IF|DOT", "asksize"),
    ("COMMA|COLON|AND|SEMI|HOWMANY UNITS COMMA|AND|QM|DOT", "askneurons"),
    ("TABLE", "table"), ("RELATION", "relation"), ("OR", "or"),
    ("SIZE COMMA|AND TOTAL? HOWMANY? q:Q", "asksize ask=q"),
    ("SIZE COMMA|AND TOTAL q:Q", "asksize ask=q total"),
    ("HOWMANY n:UNITS|NEURON", "askneurons"),
    ("q:INV", "ask=q"),
    ("HOWMANY ~ k:K ~ c:CONV LAYER?", "conv=c kernel=k askdepth"),
    ("HOWMANY ~ c:CONV LAYER? := k:K", "conv=c kernel=k askdepth"),
    ("HOWMANY c:CONV LAYER?", "askdepth conv=c"),
    ("DOT|COLON|SEMI|NL|COMMA OUTPUTS QM", "asksize"),
    ("HOWMANY CONV? ~ FIL", "askfilters"),
    ("HOWMANY OF? MAPS|CHANNELS|OUTCH", "askfilters"),
    ("NEXTLAYER", "asknext"),
    ("INPUT SIZE? OF? c:DENSE", "askfeatures"),
    ("WHAT SIZE", "asksize"),
    ("WHAT BE? W|ART* SIZE OF|EACH W|ART|THIS|EACH|CONV|POOL* n:INPUT|MAPS", "asksizeof=n"),
    ("n:NUM l:LET q:Q", "perop=n,q,l"),
    ("FOLLOWS", "follows"),
    ("SIZE OF W|ART|THIS* n:INPUT|MAPS QM", "asksizeof=n"),
    ("WHAT BE? W|ART* SIZE W|P* QM", "asksize"),
    ("OUTPUTS BE QM|DOT|DOTS", "asksize"),
    ("WHAT W|ART* OUTPUTS BE QM", "asksize"),
    ("SIZE QM|DOT", "asksize"),
    ("SIZE AND q:Q", "asksize ask=q"),
    ("WHAT W? DEPTH", "askfilters"),
    ("WHAT W* GIVES i:SH QM|AND|COMMA", "expected=i"),
    ("HOWMANY CHANNELS n:LET|NUM", "channels=n"),
    ("GIVES ~ i:SH !INPUT|FILTER|FILTERS", "given=i"),
    ("OUTPUTS := i:SH", "given=i"),
    ("OUTPUTS|GIVES := n:V CHANNELS|MAPS", "filters=n"),
    ("INPUT := n:V CHANNELS", "inch=n"),
    ("n:NUM INPUT AND m:NUM OUTCH", "inch=n filters=m"),
    ("n:NUM INCH COMMA? AND? m:NUM OUTPUTS CHANNELS?", "inch=n filters=m"),
    ("n:NUM INPUT AND m:NUM OUTPUTS CHANNELS", "inch=n filters=m"),
    ("n:NUM W COMMA? m:NUM OUTPUTS? CHANNELS", "note number=n number=m"),
    ("c:WHOLE := n:NUM ~ UNITS|FEATURES?", "flat=n"),
    ("c:DENSE TO n:NUM ~ OUTPUTS|UNITS|CLASSES", "dense=c units=n"),
    ("n:V ~ FEATURES", "side=n"),
    ("DILATION := list:DOTTED", "dilations=list"),
    ("l:WIN := n:NUM|LET", "side=n"),
    ("FIELD q:K", "kernel=q"),

    ("q:Q EQ|GIVES|W|BE|COLON* i:SH !INPUT|CONV|POOL|FILTER|FILTERS|LAYER|MAPS", "givenof=q,i"),
    ("q:Q OF i:S2|S3|T3 !INPUT|CONV|POOL|FILTER|FILTERS|LAYER|MAPS", "givenof=q,i"),
    ("q:Q EQ|GIVES|W|BE|ART|OF* i:SH ~ INPUT", "ask=q input=i"),
    ("n:NUM q:Q", "givenq=q,n"),
    ("q:Q EQ|COLON|W|BE n:NUM", "givenq=q,n"),
    # --- scope ---------------------------------------------------------------------------------------
    ("o:ORD ~ c:CONV|POOL|DENSE LAYER?", "nth=o,c"),
    ("o:ORD ~ c:HIDDEN LAYER?", "nth=o,c"),
    ("o:ORD ~ c:LAYER|NET? LAYER?", "nthlayer=o"),
    ("o:ORD", "nthlayer=o"),
    ("LAYER n:NUM", "layerno=n"),
    ("LAYER n:NUM COLON", "sep"),
    ("LAYER list:NUMS", "layernos=list"),
    ("LABEL n:NUM|LET COLON|DOT|RPAR?", "note"),
    ("LABEL COLON|DOT", "note"),
    ("n:NUM BLOCK OF?", "blocks=n"),
    ("BLOCK", "note"),
    ("RESIDUAL BLOCK?", "residual"),
    ("NOT c:WHOLE", "noflatten"),
    ("NOT c:CONV LAYER? !FILTER|FILTERS", "note"),
    ("WHAT NOT n:NUM|S2|S3", "expected=n"),
    ("LPAR l:LET|ART|W RPAR", "note"),
    ("l:LET RPAR", "note"),
    ("NOT W|WITH|ART* CONV? NET|LAYER", "note"),
    ("n:NUM EACH|FOR q:Q", "perop=n,q"),
    ("c:ACT LAYER? DILATION? := n:REAL|PERCENT", "act=c"),
    ("WHAT|HOWMANY ~ CONV? ~ q:Q W|WHAT* EACH UNITS", "askfan"),
    ("HOWMANY? q:Q W|WHAT|IN|P|OF|WITH* EACH UNITS", "askfan"),
    ("EXPECTED n:NUM W* m:NUM ~ OF? MLP|NET|CONV?", "expected=m"),
    ("WHAT APPROX n:NUM LET QM", "aside=n"),
    ("EXPECTED APPROX? n:NUM LET QM", "aside=n"),
    ("APPROX n:NUM", "aside=n"),
    ("EXPECTED ~ n:NUM|S2|S3|T3|T2", "expected=n"),
    ("WHAT|BE W* APPROX n:NUM QM", "expected=n"),
    ("WHAT|BE W* n:NUM QM", "expected=n"),
    ("n:S2|S3|NUM|T3|T2 AND m:S2|S3|NUM|T3|T2 QM", "either=n,m"),
    ("WHAT n:NUM COME FROM?", "askfeatures expected=n"),
    ("PLUS", "and"), ("AMP", "and"),
    ("LAST LAYER? c:CONV|POOL|DENSE? LAYER?", "last=c"),
    ("EACH LAYER?", "each"),
    ("TOTAL", "total"),
    ("n:NUM ~ LAYER", "layers=n"),
    ("n:NUM ~ LAYER ~ NET", "layers=n"),
    ("THIS c:CONV|POOL|DENSE LAYER?", "this"),
    # --- joints --------------------------------------------------------------------------------------
    ("ARROW", "sep"), ("PIPE", "sep"), ("THEN", "sep"), ("NL", "sep"), ("SEMI", "sep"),
    ("DOT", "stop"), ("QM", "question"), ("VS", "vs"), ("AND", "and"), ("COMMA", "comma"),
    ("n:NAME", "name=n"), ("FIRSTAXIS", "axis=first"), ("LASTAXIS", "axis=last"), ("KERAS", "dialect=keras"),
    ("TORCH", "dialect=torch"), ("CAFFE", "dialect=caffe"), ("d:DIMS", "rank=d"), ("CEIL", "round=ceil"),
    ("i:S3|T3|S4|T4|S2|T2|T1", "loose=i"), ("n:NUM", "number=n"), ("n:REAL|PERCENT", "number=n"), ("l:LET", "loneletter=l"),
)  # fmt: skip

PASSED = frozenset(
    "OUTW SOME BOUND EXPECTED P ART BE NONSQUARE COME PATCH APPROX W COLON LPAR RPAR QUOTE QO DASH EQ OF WITH FOR MAPTO GIVES SIZE PIXELS LAYER NET INPUT MAPS CHANNELS ON FROM TO WHAT THIS HOWMANY DILATION UPSAMPLE "
    "FEATURES OUTPUTS INPUTS BIT STRIDE PAD UNITS HASH DOTS LAST OLDER INCH OUTCH IOCH DEPTH HEIGHT WIDTH LENGTH CLASSES BIAS GROUPS SLASH".split()
)  # words of the field that may stand without a value; what they could have said is then simply not said


@record
class Rule:
    """A rule by its number: the tags each of its words needs, and what it yields."""

    number: int
    pattern: str
    needs: tuple[frozenset[str], ...]
    yields: str


@cache
def _rules() -> dict[str, list[Rule]]:
    """Rules by the tags they can begin with."""
    found: dict[str, list[Rule]] = {}
    for number, (pattern, features) in enumerate(RULES):
        words = pattern.split()
        rule = Rule(number, pattern, tuple(_tags(word) for word in words if _is_needed(word)), features)
        for tag in _firsts(words):
            found.setdefault(tag, []).append(rule)
    return found


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """A rule as a regular expression over the line of tags; compiled when it is first worth trying."""
    return re.compile("".join(_piece(word) for word in pattern.split()))


def _is_needed(word: str) -> bool:
    return word not in ("~", ":=") and not word.startswith("!") and word[-1] not in "?*"


def _tags(word: str) -> frozenset[str]:
    tags = word.rpartition(":")[2].rstrip("?*+")
    return frozenset(
        one for tag in tags.split("|") for one in MACROS.get(_HEADS.get(tag, tag), _HEADS.get(tag, tag)).split("|")
    )


_LISTED = r"NUM (?:(?:COMMA |AND |COMMA AND )NUM )+"
_HEADS = {"NUMS": "NUM", "ARROWS": "NUM", "DOTTED": "NUM", "SIZES": "K"}  # what a list begins with
_LISTS = {
    "SIZES": r"(?:S2|T2) (?:(?:COMMA |AND |COMMA AND )(?:S2|T2) )+",
    "NUMS": _LISTED,
    "ARROWS": r"NUM (?:ARROW NUM )+",
    "DOTTED": r"NUM (?:COMMA NUM )+COMMA (?:DOT |DOTS )+COMMA NUM ",
}


def _piece(word: str) -> str:
    if word in ("~", ":="):
        return MACROS[word]
    if word.startswith("!"):
        return f"(?!(?:{SOFT_GAP})(?:{word[1:]}) )"
    name, colon, tags = word.partition(":")
    if not colon:
        name, tags = "", word
    tags, repeat = (tags[:-1], tags[-1]) if tags[-1] in "?*+" else (tags, "")
    if tags in _LISTS:
        body = _LISTS[tags]
    else:
        body = f"(?:{'|'.join(MACROS.get(tag, tag) for tag in tags.split('|'))}) "
    return f"(?P<{name}>(?:{body}){repeat})" if name else f"(?:{body}){repeat}"


def _firsts(words: Sequence[str]) -> list[str]:
    firsts: list[str] = []
    for word in words:
        if word.startswith("!"):
            continue
        tags = word.rpartition(":")[2] if word != ":=" else ""
        optional = tags[-1:] in ("?", "*")
        for tag in tags.rstrip("?*+").split("|"):
            tag = _HEADS.get(tag, tag)
            firsts += MACROS.get(tag, tag).split("|")
        if not optional:
            break
    return firsts


def features(tokens: list[Token]) -> tuple[list[Feature], list[Token]]:
    """What the tokens state and ask, in order; and the tokens that were not read."""
    line, starts = _line(tokens)
    at_of = {start: i for i, start in enumerate(starts)}
    rules, present = _rules(), frozenset(token.tag for token in tokens)
    found: list[Feature] = []
    unread: list[Token] = []
    i = 0
    while i < len(tokens):
        best = _longest(rules.get(tokens[i].tag, ()), present, line, starts[i])
        if best is None:
            bare = tokens[i].tag in ("STRIDE", "PAD", "DILATION", "GROUPS") and not tokens[i].text.lower().endswith(_ADJECTIVES)
            if tokens[i].tag not in PASSED or bare:
                unread.append(tokens[i])
            i += 1
            continue
        match, template, number = best
        end = at_of[match.end()]
        found += _yielded(match, template, tokens, at_of, i, end)
        USED[number] = USED.get(number, 0) + 1
        unread += [token for token in tokens[i:end] if token.tag == "UNK"]
        i = end
    return found, unread


_ADJECTIVES = ("ed", "ous", "ata", "ada", "ato", "ado", "ate", "ati", "adas", "ee")  # "strided", "dilatata": no number is due
USED: dict[int, int] = {}  # how often each rule was used, for the test that counts them


def _line(tokens: list[Token]) -> tuple[str, list[int]]:
    """The tags as one line, and where each stands in it (and the end)."""
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token.tag) + 1
    starts.append(at)
    return "".join(f"{token.tag} " for token in tokens), starts


def _longest(
    rules: Sequence[Rule], present: frozenset[str], line: str, start: int
) -> tuple[re.Match[str], str, int] | None:
    best: tuple[re.Match[str], str, int] | None = None
    for rule in rules:
        if any(present.isdisjoint(tags) for tags in rule.needs):
            continue
        match = _expression(rule.pattern).match(line, start)
        if match and match.end() > start and (best is None or match.end() > best[0].end()):
            best = match, rule.yields, rule.number
    return best


_SOFT_FEATURES = {"RGB": ("colour", 3), "GREY": ("colour", 1), "SAME": ("padmode", "same"), "VALID": ("padmode", "valid"),
                  "NOPAD": ("pad0", None), "KERAS": ("dialect", "keras"), "TORCH": ("dialect", "torch")}  # fmt: skip


def _yielded(
    match: re.Match[str], template: str, tokens: list[Token], at_of: dict[int, int], start: int, end: int
) -> Iterator[Feature]:
    """The features a match stands for; an optional part that is absent yields none."""
    groups: dict[str, list[Token]] = {}
    for name in match.groupdict():
        first, last = match.span(name)
        groups[name] = tokens[at_of[first] : at_of[last]] if last > first >= 0 else []
    inside = tuple(tokens[start:end])
    spoken: set[int] = set()
    for part in template.split():
        name, equals, words = part.partition("=")
        if not equals:
            yield Feature(name, (), start, end, inside)
            continue
        values: list[Any] = []
        for word in words.split(","):
            if word not in groups:
                values.append(int(word) if word.isdigit() else word)
            else:
                spoken |= {id(token) for token in groups[word]}
                numbers = [token for token in groups[word] if token.tag not in ("COMMA", "AND", "ARROW", "DOT", "DOTS")]
                values += [numbers] if word == "list" else numbers
        if values:
            yield Feature(name, tuple(values), start, end, inside)
    if not template.startswith(("padmode", "pad0", "colour", "dialect")):
        for i in range(start, end):
            token = tokens[i]
            if token.tag in _SOFT_FEATURES and id(token) not in spoken:
                name, value = _SOFT_FEATURES[token.tag]
                yield Feature(name, (value,), i, i + 1, (token,))
