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
        from cnncalc.cli import run

        run(arguments)


if __name__ == "__main__":
    main()
