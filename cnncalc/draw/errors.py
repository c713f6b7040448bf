"""Why a figure cannot be made, beside a ShapeError for a network that has no such figure."""


class MissingPart(ImportError):
    """A format or an engine needs a package that is not installed; ``extra`` is what installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed: pip install 'cnncalc[{extra}]'")
        self.what, self.extra = what, extra


class LayoutFailed(RuntimeError):
    """Graphviz could not lay the graph out."""
