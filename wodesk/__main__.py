"""Run the program: ``python3 -m wodesk``, in a checkout on a bare machine too."""

import sys
from pathlib import Path

if __name__ == "__main__":
    if not __package__:
        # `python3 wodesk` puts this folder on the path instead of the one that it is in, and here
        # are modules that would hide others of the same name.
        sys.path[0] = str(Path(__file__).resolve().parent.parent)

    from wodesk import bootstrap

    bootstrap.ensure(*(["serve"] if sys.argv[1:2] == ["serve"] else []))

    # Only now: the program needs the packages that the bootstrap puts in place.
    from wodesk.launch import main

    sys.exit(main())
