"""What is said when a tool fails."""

import pytest

from wodesk.bootstrap import commands


@pytest.mark.parametrize(
    ("tool", "output"),
    [
        ("pip", "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by ..."),
        (
            "uv",
            "error: Failed to fetch\n  cause: error sending request for url\n  cause: dns error",
        ),
        ("apt-get", "W: Failed to fetch a file  Temporary failure resolving 'deb.example'"),
    ],
)
def test_each_tool_without_a_network_asks_for_one(tool: str, output: str) -> None:
    assert commands.explain(tool, output).startswith(f"{tool} cannot reach the servers")


def test_another_failure_shows_the_end_of_what_the_tool_said() -> None:
    said = commands.explain("pip", "\n".join(f"line {number}" for number in range(1, 31)))
    assert said.splitlines() == ["pip failed and said:", *(f"line {n}" for n in range(21, 31))]
