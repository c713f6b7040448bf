"""The command line's door: answers --help and --version by itself, before anything is imported."""

import sys
from os.path import dirname, join


def main() -> None:
    """Run ``cnncalc`` on the command line's arguments."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from cnncalc import __version__

        print(f"cnncalc {__version__}")
    elif arguments in ([], ["--help"], ["-h"]):
        with open(join(dirname(__file__), "cli", "help.txt"), encoding="utf-8") as page:
            print(page.read(), end="")
    else:
        import gc

        gc.set_threshold(50_000)  # imports make many objects and little garbage; a tenth of the start-up
        if len(arguments) == 2 and arguments[0] == "ask" and arguments[1][:1] not in ("-", ""):
            code = _asked(arguments[1])
            if code is not None:
                sys.exit(code)
        from cnncalc.cli import run

        run(arguments)


def _asked(question: str) -> int | None:
    """The exit code of a plain question; None where an error is left to the command line to word."""
    from cnncalc.ask.front import run

    try:
        return run(question)
    except (Exception, KeyboardInterrupt):
        return None


if __name__ == "__main__":
    main()
