"""`python3 -m tests.benchmarks [--quick] [NAME...]`: run the cases and print their tables."""

import sys

from wodesk import bootstrap

if __name__ == "__main__":
    bootstrap.ensure("test")

    # Only now: the cases need the packages that the bootstrap puts in place.
    from tests.benchmarks.cases import main

    sys.exit(main())
