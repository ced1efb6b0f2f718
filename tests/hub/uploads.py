"""What a hub does with uploads: repositories made, files taken in one commit, large ones put on another host first."""

import base64
import hashlib
import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml

from tests.hub.repositories import RefusalError, Repository, is_large, sha256

if TYPE_CHECKING:
    from tests.hub.server import Hub, Request

FRONT_MATTER = re.compile(rb"---\n(.*?\n)---\n", re.DOTALL)


def post(hub: "Hub", request: "Request", body: bytes) -> dict[str, Any]:
    """Answer to a POST of huggingface_hub."""
    user = hub.users.get(request.token or "")
    if user is None:
        raise RefusalError(HTTPStatus.UNAUTHORIZED, "", "Invalid credentials in Authorization header")
    if request.path == "/api/repos/create":
        return create(hub, user, json.loads(body))
    if request.path == "/api/validate-yaml":
        return validate(json.loads(body)["content"].encode())
    if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/(preupload|commit)/main", request.path):
        repository = writable(hub, found[1], user)
        answer = modes(repository, json.loads(body)) if found[2] == "preupload" else commit(hub, repository, body)
        return {**answer, "commitUrl": f"{hub.url}/{found[1]}/commit/{repository.revision}"}
    if found := re.fullmatch(r"/([^/]+/[^/]+)\.git/info/lfs/(objects/batch|verify)", request.path):
        writable(hub, found[1], user)
        return verify(hub, json.loads(body)) if found[2] == "verify" else batch(hub, found[1], json.loads(body))
    raise RefusalError(HTTPStatus.NOT_FOUND)


def put(hub: "Hub", request: "Request", body: bytes) -> dict[str, Any]:
    """Take a large file; whoever knows the address may bring it, and no token belongs there."""
    hub.large[request.path.rpartition("/")[2]] = body
    return {}


def create(hub: "Hub", user: str, wish: dict[str, Any]) -> dict[str, Any]:
    name = f"{wish['organization']}/{wish['name']}"
    if wish["organization"] != user:
        raise RefusalError(HTTPStatus.FORBIDDEN, "", f"No rights to create a model under the namespace {name}")
    if name in hub.repositories:
        raise RefusalError(HTTPStatus.CONFLICT, message="You already created this model repo")
    private = wish["visibility"] == "private"
    hub.repositories[name] = Repository("0" * 40, {".gitattributes": b""}, owner=user, private=private)
    return {"url": f"{hub.url}/{name}", "name": name}


def validate(card: bytes) -> dict[str, Any]:
    front = FRONT_MATTER.match(card)
    if not front or not isinstance(yaml.safe_load(front[1]), dict):
        raise RefusalError(HTTPStatus.BAD_REQUEST, "", "Invalid metadata in README.md")
    return {"errors": [], "warnings": []}


def writable(hub: "Hub", name: str, user: str) -> Repository:
    repository = hub.repositories.get(unquote(name))
    if repository is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, "RepoNotFound", "Repository not found")
    if repository.owner != user:
        raise RefusalError(HTTPStatus.FORBIDDEN, "", "You do not have write access to this repository")
    return repository


def modes(repository: Repository, wish: dict[str, Any]) -> dict[str, Any]:
    files = [
        {"path": file["path"], "uploadMode": "lfs" if is_large(file["path"]) else "regular", "shouldIgnore": False}
        for file in wish["files"]
    ]
    return {"files": files, "commitOid": repository.revision}


def batch(hub: "Hub", name: str, wish: dict[str, Any]) -> dict[str, Any]:
    objects = []
    for wanted in wish["objects"]:
        actions = {
            "upload": {"href": f"http://localhost:{hub.port}/large/{wanted['oid']}"},
            "verify": {"href": f"{hub.url}/{name}.git/info/lfs/verify"},
        }
        there = sha256(hub.large.get(wanted["oid"], b"")) == wanted["oid"]
        objects.append({**wanted, **({} if there else {"actions": actions})})
    return {"transfer": "basic", "objects": objects}


def verify(hub: "Hub", wish: dict[str, Any]) -> dict[str, Any]:
    if sha256(hub.large.get(wish["oid"], b"")) != wish["oid"]:
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "", "The object is not what was announced")
    return {}


def commit(hub: "Hub", repository: Repository, body: bytes) -> dict[str, Any]:
    for key, value in ((line["key"], line["value"]) for line in map(json.loads, body.splitlines())):
        if key == "file":
            repository.files[value["path"]] = base64.b64decode(value["content"])
        elif key == "lfsFile":
            repository.files[value["path"]] = hub.large[value["oid"]]
    repository.revision = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    return {"commitOid": repository.revision, "success": True}
