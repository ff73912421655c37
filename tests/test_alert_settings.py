"""The file of alerts: what it means, what is wrong with it, and that nothing in it is lost."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wodesk.alert_edits import length, with_settings
from wodesk.alert_entries import settings_in
from wodesk.alert_settings import AlertsFile
from wodesk.mistakes import Mistake, Place
from wodesk.models.alert import Level
from wodesk.models.metric import Column, Metric
from wodesk.models.rule import AlertSettings, Compare, QuietHours, Reach, Rule
from wodesk.text_files import BrokenSettings

BY_HAND = """\
# mine
warning_delay = "2m"  # patient
remind_every = 3600

[[quiet]]  # nights
start = "22:00"
end = "7:00"
days = ["mon", "sun"]
tag = "shop"

# the one that matters
[[rule]]
name = "Disk nearly full"
context = "disk.space"
label = "mount_point"
every = 10
dimensions = ["used"]
percent_of_total = true
above = 95
clear = 90   # a little less
lasts = "10m"
level = "critical"

[[rule]]
name = "Nobody visits"
context = "web_log.requests"
below = 1
server = "ssh://web1"
enabled = false
"""
DISK = Rule(
    "Disk nearly full",
    "Disk nearly full",
    Metric("disk.space", "mount_point", 10),
    Compare.ABOVE,
    95.0,
    90.0,
    columns=(Column("used"),),
    percent_of_total=True,
    level=Level.CRITICAL,
    duration=600.0,
)
VISITS = Rule(
    "Nobody visits",
    "Nobody visits",
    Metric("web_log.requests"),
    Compare.BELOW,
    1.0,
    1.0,
    reach=Reach.SERVER,
    target="ssh://web1",
    enabled=False,
)


@pytest.fixture
def file(tmp_path: Path) -> AlertsFile:
    """A file that is not there yet."""
    return AlertsFile(tmp_path / "wodesk" / "alerts.toml")


def written(file: AlertsFile, text: str) -> AlertsFile:
    """The file with a text in it."""
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_text(text, "utf-8")
    return file


def test_without_a_file_all_is_as_it_is_by_itself(file: AlertsFile) -> None:
    assert file.load() == AlertSettings()
    file.save(AlertSettings())
    assert not file.path.exists()


def test_what_a_person_wrote_is_understood(file: AlertsFile) -> None:
    assert written(file, BY_HAND).load() == AlertSettings(
        rules=(DISK, VISITS),
        quiet=(QuietHours(frozenset({0, 6}), 1320, 420, reach=Reach.TAG, target="shop"),),
        warning_delay=120.0,
        remind_every=3600.0,
    )


def test_a_change_leaves_the_rest_as_a_person_wrote_it(file: AlertsFile) -> None:
    settings = written(file, BY_HAND).load()
    new = replace(VISITS, id="more", name="More", enabled=True)
    changed = replace(settings, sound=True, rules=(DISK, replace(VISITS, enabled=True), new))
    file.save(changed)
    assert file.load() == changed
    text = file.path.read_text("utf-8")
    for line in (
        "# mine",
        '"2m"  # patient',
        "[[quiet]]  # nights",
        "clear = 90   # a little less",
    ):
        assert line in text
    file.save(replace(changed, rules=()))
    assert file.load().rules == ()


def test_what_is_saved_means_what_was_wanted(file: AlertsFile) -> None:
    settings = AlertSettings(
        rules=(replace(DISK, columns=(Column("used", "/srv"), Column("avail"))), VISITS),
        quiet=(QuietHours(frozenset(range(5)), 0, 0, False, Reach.SERVER, 'ssh://a\\b"c'),),
        grace=0.0,
        clear_delay=90.5,
        sound=True,
        default_rules=False,
        unreachable_polls=5,
    )
    file.save(settings)
    assert file.load() == settings
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert file.path.read_text("utf-8").startswith("# How wodesk tells you of alerts.")


def test_every_setting_can_be_written(file: AlertsFile) -> None:
    others = {bool: True, int: 7, float: 77.0}
    for field in msgspec.structs.fields(AlertSettings):
        value = getattr(AlertSettings(), field.name)
        if type(value) in others:
            other = not value if isinstance(value, bool) else others[type(value)]
            changed = replace(AlertSettings(), **{field.name: other})
            assert settings_in(with_settings("", changed)) == changed, field.name


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("grace = \n", Place(1, 9), "Invalid value"),
        ("sound = 'loud'\n", Place(1, 1), "expected `bool | null`, got `str`"),
        ("noise = true\n", Place(1, 1), "there is no field `noise` here; the fields are clear_d"),
        ("grace = 'soon'\n", Place(1, 1), "'soon' is no length of time, such as 90s, 10m or 1h"),
        ("grace = -1\n", Place(1, 1), "-1 is no length of time"),
        ("unreachable_polls = 0\n", Place(1, 1), "it is 1 at least"),
        ("[[quiet]]\nstart = '25:00'\nend = '7:00'\n", Place(2, 1), "quiet 1: '25:00' is no time"),
        ("[[quiet]]\nstart = '5:00'\n", Place(1, 1), "quiet 1: the field `end` is missing"),
        (
            "[[quiet]]\nstart = '5:00'\nend = '7:00'\ndays = ['mo']\n",
            Place(4, 1),
            "quiet 1: there is no day 'mo'; the days are mon, tue",
        ),
        ("[[rule]]\nname = 'a'\n", Place(1, 1), "rule 1: the field `context` is missing"),
        (
            BY_HAND + "[[rule]]\nname = 'x'\ncontext = 'y'\nabove = 1\nclear = 2\n",
            Place(34, 1),
            "rule 3: it lies above the limit",
        ),
        ("[[rule]]\nname = 'x'\ncontext = 'y'\n", Place(1, 1), "rule 1: a rule has either"),
        (
            BY_HAND + "[[rule]]\nname = 'Nobody visits'\ncontext = 'y'\nabove = 1\n",
            Place(31, 1),
            "rule 3: another rule has this name",
        ),
        ("[[rule]]", Place(1, 1), "rule 1: the field `name` is missing"),
        ("[['quiet']]\nstart = '5:00'", Place(1, 1), "quiet 1: the field `end` is missing"),
        (
            "[[rule]]\nname = '''\n[[rule]]\n'''\ncontext = 'y'\n[[rule]]\nname = 1",
            Place(7, 1),
            "rule 2: expected `str`",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_the_file_left_as_it_is(
    file: AlertsFile, text: str, place: Place, reason: str
) -> None:
    written(file, text)
    with pytest.raises(BrokenSettings) as caught:
        file.load()
    assert caught.value.place == place
    assert f"{file.path} has a mistake in {place}: {reason}" in str(caught.value)
    assert str(caught.value).endswith("It was left as it is.")
    with pytest.raises(BrokenSettings):
        file.save(AlertSettings(sound=True))
    assert file.path.read_text("utf-8") == text


@given(
    st.lists(
        st.sampled_from(
            [
                *("[[rule]]", "[[ 'quiet' ]]", "name = 'a'", "name = '''", "'''", "context = 'b'"),
                *(
                    "above = 1",
                    "above = ''",
                    "start = '1:00'",
                    "end = 1",
                    "grace = '1m'",
                    "rule = [{}]",
                ),
            ]
        )
    )
)
def test_any_text_is_understood_or_a_mistake(lines: list[str]) -> None:
    text = "\n".join(lines)
    with suppress(Mistake):
        assert settings_in(text)


def test_what_is_no_file_is_named(file: AlertsFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(BrokenSettings, match="cannot be read: it is not a file"):
        file.load()


def test_a_file_that_is_marked_as_read_only_is_left_alone(file: AlertsFile) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_text(BY_HAND)
    file.path.chmod(0o444)
    with pytest.raises(BrokenSettings, match="marked as read-only"):
        file.save(AlertSettings(remind_every=60.0))
    assert file.path.read_text() == BY_HAND


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "wodesk").write_text("in the way")
    file = AlertsFile(tmp_path / "wodesk" / "alerts.toml")
    with pytest.raises(BrokenSettings, match=r"alerts\.toml cannot be"):
        file.save(AlertSettings(sound=True))


@given(st.integers(0, 30 * 86400))
def test_a_length_of_time_is_read_as_it_is_written(seconds: int) -> None:
    text = f"grace = '{length(float(seconds))}'"
    assert settings_in(text).grace == seconds


def test_the_example_in_the_readme_is_understood() -> None:
    text = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")
    example = text.partition("```toml\nwarning_delay")[2].partition("```")[0]
    settings = settings_in("warning_delay" + example)
    assert settings.remind_every == 4 * 3600.0
    assert settings.quiet[0].target == "test"
    assert settings.rules == (replace(DISK, metric=Metric("disk.space", "mount_point")),)
