"""Upload to a Hugging Face hub in one commit, so that the hub receives all files or none."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from huggingface_hub import CommitOperationAdd, HfApi, constants, get_token
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError

from medsum.core.errors import UserError

HOST = constants.ENDPOINT.rpartition("@")[2]  # the address of a mirror can contain `user:password@`
NAME = r"[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9])?"
DRY = "to write the files without a hub, use --dry-run --output FOLDER"


def check_repository(repository: str) -> None:
    """Raise UserError if the hub does not allow a repository with this name."""
    if not re.fullmatch(f"{NAME}/{NAME}", repository, re.ASCII) or "--" in repository or ".." in repository:
        raise UserError(
            f"--repo-id is '{repository}', but must be user/name or organisation/name; use letters and digits, with"
            " single '-', '_' or '.' between them"
        )


def check_token() -> None:
    """Raise UserError if there is no token."""
    if not get_token():
        raise UserError(
            f"no token for {HOST}; set HF_TOKEN to a token that may write, or log in with `hf auth login`; {DRY}"
        )


@dataclass(frozen=True)
class Target:
    """A repository on the hub. It exists already, or the upload will create it."""

    repository: str
    private: bool
    new: bool

    def __str__(self) -> str:
        """Return `host/user/name (new, private)`."""
        words = ("new, " if self.new else "") + ("private" if self.private else "public")
        return f"{HOST}/{self.repository} ({words})"


def find(repository: str, public: bool) -> Target:
    """Return the target. Raise UserError if the repository exists and is more public than the user wants."""
    with told(repository):
        try:
            private = bool(HfApi().model_info(repository).private)
        except GatedRepoError:
            raise
        except RepositoryNotFoundError:
            return Target(repository, private=not public, new=True)
    if not private and not public:
        raise UserError(
            f"{repository} is public on {HOST}; add --public if everybody may read this adapter, or choose another"
            " --repo-id"
        )
    return Target(repository, private, new=False)


def upload(target: Target, folder: Path) -> str:
    """Create the repository if it is new, add the folder's files, and return the address of the commit."""
    files = [CommitOperationAdd(path.name, path) for path in sorted(folder.iterdir())]
    with told(target.repository):
        if target.new:
            HfApi().create_repo(target.repository, private=target.private)
        commit = HfApi().create_commit(target.repository, files, commit_message="Adapter, tokenizer and model card")
    return str(commit.commit_url)


@contextmanager
def told(repository: str) -> Iterator[None]:
    """Turn an error of the hub, the network or the libraries into UserError."""
    try:
        yield
    except (httpx2.HTTPError, OSError, ValueError, RuntimeError) as error:
        # The library wraps an error of its upload threads in a RuntimeError. The cause of this error says what failed.
        cause = error.__cause__ if isinstance(error, RuntimeError) and error.__cause__ else error
        raise UserError(f"{explain(cause, repository)}; nothing was published") from None


def explain(error: BaseException, repository: str) -> str:
    """Return what went wrong and what to do, without the many lines of the hub's own message."""
    match error:
        case OfflineModeIsEnabled():
            return f"HF_HUB_OFFLINE forbids the network; unset HF_HUB_OFFLINE, or, {DRY}"
        case RepositoryNotFoundError():
            return f"{HOST} does not show {repository} to this token; set HF_TOKEN to a token that may write there"
        case HfHubHTTPError(response=response) if response.status_code == 401:
            return f"{HOST} does not accept the token; set HF_TOKEN to a valid token that may write to {repository}"
        case HfHubHTTPError(response=response) if response.status_code == 403:
            return f"the token may not write to {repository} on {HOST}; set HF_TOKEN to a token that may write there"
        case HfHubHTTPError(response=response) if 400 <= response.status_code < 500 and response.status_code != 429:
            said = (error.server_message or "").strip().partition("\n")[0] or f"HTTP {response.status_code}"
            return f"{HOST} rejects {repository} ({said}); correct this and run the same command again"
        case HfHubHTTPError(response=response):
            return f"{HOST} fails for {repository} (HTTP {response.status_code}); run the same command again later"
        case httpx2.RemoteProtocolError() | httpx2.ReadError() | httpx2.WriteError():
            return f"the upload to {HOST} was cut off; run the same command again"
        case httpx2.HTTPError():
            return f"{HOST} cannot be reached ({type(error).__name__}); set HF_ENDPOINT or correct HTTPS_PROXY; {DRY}"
    return f"{HOST} does not answer like a hub; check HF_ENDPOINT and the proxy"
