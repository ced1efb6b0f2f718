"""A small bundle of real parts: install.sh refuses whatever differs, and needs no network for the rest."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from hashlib import sha256
from pathlib import Path

import pytest

from medsum.bundle import checksums, instructions, models, project, wheels
from medsum.core.errors import UserError
from tests.hub.packed_llama import wheel

PACKAGE = {"carried/__init__.py": b"ANSWER = 42\n"}
WEIGHTS = Path("models/base/tiny/model.safetensors")
Install = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A committed project with a model that Git ignores, a lock, and a folder of wheels in place of an index."""
    folder = tmp_path_factory.mktemp("source")
    for name, text in {".gitignore": "/models/\n/index/\n", "params.yaml": "{}\n", str(WEIGHTS): "weights"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "index").mkdir()
    body = wheel("carried", "1.0", PACKAGE)
    (folder / "index/carried-1.0-py3-none-any.whl").write_bytes(body)
    (folder / "tiny.lock").write_text(f"carried==1.0 --hash=sha256:{sha256(body).hexdigest()}\n", encoding="utf-8")
    for words in ("init -q -b main", "add -A", "-c user.name=a -c user.email=a@b commit -q -m Begin"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(folder / "index"))
        yield folder


@pytest.fixture(scope="module")
def whole(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundle = tmp_path_factory.mktemp("bundle")
    with chdir(source):
        wheels.collect(Path("tiny.lock"), bundle)
        models.copy([WEIGHTS.parent], bundle)
        project.require_whole_repository()
        project.write(bundle)
    instructions.write(bundle)
    checksums.write(bundle)
    return bundle


@pytest.fixture
def bundle(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "a bundle")


@pytest.fixture
def install(bundle: Path, tmp_path: Path) -> Install:
    """Run install.sh for the folder `installed`; `before` are words before the command."""

    def run(*before: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*before, "sh", str(bundle / "install.sh"), "installed"],
            cwd=tmp_path,
            env={**os.environ, "PYTHON": sys.executable, "PIP_INDEX_URL": "https://index.invalid/simple"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def refused(done: subprocess.CompletedProcess[str], words: str) -> bool:
    """Whether the last line is one error with these words and nothing was installed."""
    last = done.stderr.splitlines()[-1]
    return done.returncode == 1 and last.startswith("Error: ") and words in last


@pytest.mark.parametrize("name", [str(WEIGHTS), "wheels/carried-1.0-py3-none-any.whl", "project.bundle", "wheels.lock"])
def test_a_file_with_one_other_byte_is_refused(bundle: Path, install: Install, name: str, tmp_path: Path) -> None:
    body = bytearray((bundle / name).read_bytes())
    body[-1] ^= 1
    (bundle / name).write_bytes(body)
    done = install()
    assert refused(done, "not what SHA256SUMS lists")
    assert name in done.stderr
    assert not (tmp_path / "installed").exists()


def test_a_missing_file_is_refused(bundle: Path, install: Install, tmp_path: Path) -> None:
    (bundle / WEIGHTS).unlink()
    assert refused(install(), "not what SHA256SUMS lists")
    assert not (tmp_path / "installed").exists()


def test_a_file_that_is_not_in_the_list_is_refused(bundle: Path, install: Install, tmp_path: Path) -> None:
    (bundle / "models/base/tiny/added.safetensors").touch()
    assert refused(install(), "has files that SHA256SUMS does not list")
    assert not (tmp_path / "installed").exists()


def test_a_folder_that_is_there_is_left_as_it_is(install: Install, tmp_path: Path) -> None:
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed/mine.txt").write_text("mine", encoding="utf-8")
    assert refused(install(), "is there already")
    assert (tmp_path / "installed/mine.txt").read_text(encoding="utf-8") == "mine"


def test_another_python_is_refused(bundle: Path, install: Install, tmp_path: Path) -> None:
    (bundle / instructions.PLATFORM).write_text("3.10 Linux x86_64\n", encoding="utf-8")
    checksums.write(bundle)
    assert refused(install(), "needs Python 3.10")
    assert not (tmp_path / "installed").exists()


@pytest.mark.usefixtures("source")
def test_a_wheel_that_the_lock_does_not_know_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "other.lock"
    lock.write_text(f"carried==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"other\.lock cannot be collected: the file differs"):
        wheels.collect(lock, tmp_path)
    assert not list(tmp_path.glob("wheels/*"))


def test_a_shallow_clone_is_refused(source: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "-C", source, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty",
                    "-m", "Another"], check=True)  # fmt: skip
    clone = ["git", "clone", "-q", "--depth", "1", source.as_uri(), str(tmp_path / "clone")]
    subprocess.run(clone, check=True)
    with chdir(tmp_path / "clone"), pytest.raises(UserError, match="fetch --unshallow"):
        project.require_whole_repository()


@pytest.mark.slow
def test_the_bundle_installs_in_a_namespace_without_a_network(install: Install, source: Path, tmp_path: Path) -> None:
    done = install("unshare", "--map-root-user", "--net")
    assert done.returncode == 0, done.stderr
    target = tmp_path / "installed"
    code = "import carried; print(carried.ANSWER)"
    ran = subprocess.run([target / ".venv/bin/python", "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "42\n"
    assert (target / WEIGHTS).read_bytes() == (source / WEIGHTS).read_bytes()
    assert (target / "params.yaml").is_file()
    assert (target / ".venv/installed").is_file()
    remotes = subprocess.run(["git", "-C", target, "remote"], capture_output=True, encoding="utf-8", check=True)
    assert remotes.stdout == ""


@pytest.mark.slow
def test_a_failed_installation_leaves_nothing(bundle: Path, install: Install, tmp_path: Path) -> None:
    (bundle / "wheels.lock").write_text("carried==2.0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    checksums.write(bundle)
    done = install()
    assert done.returncode
    assert "No matching distribution found for carried==2.0" in done.stderr
    assert not (tmp_path / "installed").exists()
