"""The real command against a hub of our own: what arrives, and every way in which a hub refuses or fails."""

import re
import subprocess
from pathlib import Path

import pytest
from huggingface_hub import constants

from medsum.core.errors import UserError
from medsum.publish import hub as uploading
from tests.hub.repositories import Repository
from tests.hub.server import ALWAYS, Fault, Hub
from tests.publish.conftest import REPOSITORY, TOKEN, Publish

FILES = {
    "README.md", "adapter_config.json", "adapter_model.safetensors", "config.json", "generation_config.json",
    "tokenizer.json", "tokenizer_config.json",
}  # fmt: skip
CREATE = "/api/repos/create"
COMMIT = f"/api/models/{REPOSITORY}/commit/main"
WRITTEN = ("POST", "PUT")


def pushed(hub: Hub) -> dict[str, bytes]:
    """What the hub has of us, without its own."""
    repository = hub.repositories.get(REPOSITORY, Repository("", {}))
    return {name: content for name, content in repository.files.items() if name != ".gitattributes"}


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a run that failed."""
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(errors) == 1, done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return errors[0]


def test_adapter_tokenizer_and_card_arrive_as_a_dry_run_shows_them(
    published: Path, dry_run: Path, hub: Hub, publish: Publish
) -> None:
    done = publish(published, "--repo-id", REPOSITORY)
    assert done.returncode == 0, done.stderr
    assert pushed(hub) == {path.name: path.read_bytes() for path in dry_run.iterdir()}
    assert pushed(hub).keys() == FILES
    assert hub.repositories[REPOSITORY].private
    shown, _, address = done.stdout.strip().rpartition("\n")
    assert f"To {hub.url}/{REPOSITORY} (new, private):" in shown
    assert all(name in shown for name in FILES)
    assert re.fullmatch(rf"{hub.url}/{REPOSITORY}/commit/[0-9a-f]{{40}}", address)
    assert TOKEN not in done.stdout + done.stderr
    large = [request for request in hub.requests if request.path.startswith("/large/")]
    assert [(request.method, request.token) for request in large] == [("PUT", None)]  # the other host gets no token


def test_what_the_world_can_read_is_published_only_where_that_was_said(
    published: Path, hub: Hub, publish: Publish
) -> None:
    hub.repositories[REPOSITORY] = Repository("1" * 40, {}, owner="me")
    sentence = told(publish(published, "--repo-id", REPOSITORY))
    assert f"{REPOSITORY} is public on {hub.url}; add --public if everybody" in sentence
    assert not [request for request in hub.requests if request.method in WRITTEN]

    del hub.repositories[REPOSITORY]
    assert "(new, public)" in publish(published, "--repo-id", REPOSITORY, "--public").stdout
    assert not hub.repositories[REPOSITORY].private


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"HF_TOKEN": ""}, "no token for .*; set HF_TOKEN to a token that may write, or log in with `hf auth login`"),
        ({"HF_TOKEN": "hf_revoked"}, "does not accept the token; set HF_TOKEN to a valid token that may write"),
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE forbids the network; unset HF_HUB_OFFLINE, or, .*--dry-run --output"),
        ({"HF_ENDPOINT": "http://127.0.0.1:1"}, r"127.0.0.1:1 cannot be reached \(ConnectError\); set HF_ENDPOINT"),
    ],
    ids=["no token", "refused token", "offline", "unreachable"],
)
def test_a_hub_that_cannot_be_used_is_told_before_anything_else(
    published: Path, hub: Hub, publish: Publish, env: dict[str, str], words: str
) -> None:
    sentence = told(publish(published, "--repo-id", REPOSITORY, **env))
    assert re.search(words, sentence)
    assert not [request for request in hub.requests if request.method in WRITTEN]


@pytest.fixture
def in_process(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process asks the hub, as the command does: faults need no pipeline."""
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(uploading, "HOST", hub.url)
    monkeypatch.setenv("HF_TOKEN", TOKEN)


@pytest.mark.usefixtures("in_process")
def test_a_second_run_renews_what_is_there_and_a_moment_of_overload_is_waited_out(hub: Hub, dry_run: Path) -> None:
    hub.repositories[REPOSITORY] = Repository("1" * 40, {"README.md": b"old"}, owner="me", private=True)
    hub.faults.append(Fault("/large/*", "PUT", status=503))
    target = uploading.find(REPOSITORY, public=False)
    assert str(target) == f"{hub.url}/{REPOSITORY} (private)"
    uploading.upload(target, dry_run)
    assert pushed(hub) == {path.name: path.read_bytes() for path in dry_run.iterdir()}


@pytest.mark.usefixtures("in_process")
def test_a_login_page_of_a_proxy_is_no_hub(hub: Hub) -> None:
    hub.faults.append(Fault("/api/models/*", page=b"<html>Log in</html>"))
    with pytest.raises(UserError, match="does not answer like a hub; check HF_ENDPOINT"):
        uploading.find(REPOSITORY, public=False)


@pytest.mark.usefixtures("in_process")
def test_a_namespace_of_somebody_else_is_told(hub: Hub, dry_run: Path) -> None:
    with pytest.raises(
        UserError, match=r"the token may not write to you/notes on .*; set HF_TOKEN to a token that may"
    ):
        uploading.upload(uploading.find("you/notes", public=False), dry_run)
    assert not hub.repositories


@pytest.mark.usefixtures("in_process")
def test_a_repository_that_may_only_be_read_is_told(hub: Hub, dry_run: Path) -> None:
    hub.repositories["you/notes"] = Repository("1" * 40, {"README.md": b"theirs"}, owner="you")
    target = uploading.find("you/notes", public=True)
    with pytest.raises(UserError, match="the token may not write to you/notes"):
        uploading.upload(target, dry_run)
    assert hub.repositories["you/notes"].files == {"README.md": b"theirs"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(CREATE, "POST", status=400, message="Bad name"), r"rejects .* \(Bad name\); correct this"),
        (Fault(CREATE, "POST", status=503), r"fails for .* \(HTTP 503\); run the same command again later"),
        (Fault(COMMIT, "POST", status=403), "the token may not write to"),
        (Fault(COMMIT, "POST", hang_up=True), "was cut off; run the same command again"),
        (Fault("*/verify", "POST", status=422, message="Not as announced"), r"rejects .* \(Not as announced\)"),
    ],
    ids=["name rejected", "5xx", "no permission", "cut off", "broken weights"],
)
@pytest.mark.usefixtures("in_process")
def test_a_hub_that_fails_on_the_way_is_told_and_nothing_is_half_published(
    hub: Hub, dry_run: Path, fault: Fault, words: str
) -> None:
    hub.faults = [Fault(**{**vars(fault), "times": ALWAYS})]
    with pytest.raises(UserError, match=words) as told_of:
        uploading.upload(uploading.find(REPOSITORY, public=False), dry_run)
    assert str(told_of.value).endswith("; nothing was published")
    assert TOKEN not in str(told_of.value)
    assert pushed(hub) == {}


@pytest.mark.parametrize("name", ["notes", "a/b/c", "me/", "me/no tes", "me/-notes", "me/n..s", "me/" + "n" * 97])
def test_a_name_that_no_hub_takes_is_told(name: str) -> None:
    with pytest.raises(UserError, match=f"--repo-id is '{name}', but must be user/name"):
        uploading.check_repository(name)
