"""What changed, and in which order it is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.change import SHORTEST, Change, Comparison, ranked

WEIGHTS = st.floats(0, 1)
CHANGES = st.lists(
    st.builds(
        Change,
        st.sampled_from(["system.cpu", "disk.io", "mysql.queries", "netdata.queries"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["x", "y", "z"]),
        WEIGHTS,
    ),
    max_size=30,
)


def test_a_window_is_compared_with_four_times_as_long_before_it() -> None:
    assert Comparison.of(1000, 1100) == Comparison(600, 1000, 1100)
    assert Comparison.of(1100, 1000) == Comparison(600, 1000, 1100)


def test_a_window_of_a_moment_is_made_long_enough_to_tell_anything() -> None:
    assert Comparison.of(1000, 1000) == Comparison(1000 - 5 * SHORTEST, 1000 - SHORTEST, 1000)


@given(CHANGES)
def test_what_changed_most_comes_first_and_each_change_once(changes: list[Change]) -> None:
    contexts = ranked(changes)
    weights = [context.weight for context in contexts]
    assert weights == sorted(weights, reverse=True)
    kept = [one for one in changes if one.weight > 0 and one.context != "netdata.queries"]
    assert sorted(one.context for one in contexts) == sorted({one.context for one in kept})
    for context in contexts:
        own = [one for one in kept if one.context == context.context]
        assert context.count == len(own)
        assert context.weight == max(one.weight for one in own)
        of_it = [change.weight for change in context.top]
        assert of_it == sorted(of_it, reverse=True)
        assert {one.instance for one in context.top} == {one.instance for one in own}
        for top in context.top:
            assert top.weight == max(one.weight for one in own if one.instance == top.instance)


def test_few_of_many_instances_are_told_of() -> None:
    changes = [Change("net.net", f"net.veth{n}", "sent", n / 100) for n in range(1, 41)]
    (context,) = ranked(changes)
    assert context.count == 40
    assert [one.instance for one in context.top] == [f"net.veth{n}" for n in range(40, 34, -1)]


def test_what_the_agent_measures_of_itself_is_told_on_demand() -> None:
    own = Change("netdata.queries", "a", "x", 1.0)
    assert ranked([own]) == ()
    assert ranked([own], own=True)[0].context == "netdata.queries"
