"""What is built from the project, and what holds its versions."""

import re
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import wodesk

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "resources" / "lock.txt"
PYTHONS = ("3.11.2", "3.12.3", "3.13.5", "3.14.0")


def dependencies() -> list[Requirement]:
    """Return what pyproject.toml asks for, with and without extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    asked = [Requirement(line) for group in groups for line in group]
    return [each for each in asked if each.name != "wodesk"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """A wheel, built as pip would build it but with what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.Path(path)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.Path) -> Message:
    """What the wheel says of itself."""
    text = (wheel / f"wodesk-{wodesk.__version__}.dist-info" / "METADATA").read_text()
    return Parser().parsestr(text)


def applies(requirement: Requirement, python: str) -> bool:
    """Tell whether a requirement is one for this Python."""
    versions = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    return requirement.marker is None or requirement.marker.evaluate(dict(versions))


def locked(python: str) -> dict[str, str]:
    """Return the versions that the lock file holds for a Python, by package."""
    lines = map(Requirement, LOCK.read_text().splitlines())
    held = [requirement for requirement in lines if applies(requirement, python)]
    return {canonicalize_name(each.name): str(each.specifier) for each in held}


def test_the_wheel_holds_the_package_and_its_resources(wheel: zipfile.Path) -> None:
    inside = {path.name for path in wheel.iterdir()}
    assert inside == {"wodesk", f"wodesk-{wodesk.__version__}.dist-info"}
    resources = {path.name for path in (wheel / "wodesk" / "resources").iterdir()}
    assert resources == {path.name for path in (ROOT / "resources").iterdir()}
    assert (wheel / "wodesk" / "__main__.py").exists()
    assert (wheel / "wodesk" / "bootstrap" / "__init__.py").exists()


def test_the_wheel_holds_no_leftovers(wheel: zipfile.Path) -> None:
    names = wheel.root.namelist()
    assert not [name for name in names if "test" in name or name.endswith(".pyc")]
    settings = [name for name in names if name.endswith(".toml")]
    assert all(name.startswith("wodesk/resources/pages/") for name in settings)


def test_the_metadata_says_what_it_is(metadata: Message) -> None:
    assert metadata["Name"] == "wodesk"
    assert metadata["Version"] == wodesk.__version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    named = {Requirement(line).name for line in metadata.get_all("Requires-Dist") or []}
    assert named - {"wodesk"} == {canonicalize_name(each.name) for each in dependencies()}


def test_the_command_is_installed(wheel: zipfile.Path) -> None:
    info = wheel / f"wodesk-{wodesk.__version__}.dist-info"
    assert "wodesk = wodesk.launch:main" in (info / "entry_points.txt").read_text()
    assert "the wodesk authors" in (info / "licenses" / "LICENSE").read_text()


def test_the_lock_names_versions_and_no_host() -> None:
    for line in LOCK.read_text().splitlines():
        requirement = Requirement(line)
        assert requirement.url is None
        assert re.fullmatch(r"==[0-9.a-z]+", str(requirement.specifier)), line


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_holds_a_fitting_version_of_each_dependency(python: str) -> None:
    held = locked(python)
    for requirement in dependencies():
        if applies(requirement, python):
            version = held[canonicalize_name(requirement.name)].removeprefix("==")
            assert requirement.specifier.contains(version), requirement


def test_before_python_3_12_the_release_of_pyside_that_kills_it_is_kept_out() -> None:
    assert locked("3.11.2")["pyside6-essentials"] != "==6.12.0"
    assert locked("3.11.2")["shiboken6"] == locked("3.11.2")["pyside6-essentials"]
