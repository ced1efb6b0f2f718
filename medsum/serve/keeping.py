"""Store signed notes in a folder that only its owner can read (docs/corrections.md).

A person corrects the model's draft on the page and signs it. The stored record is called a correction.
"""

import hashlib
import json
import math
import stat
import subprocess
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.utc import utc_now
from medsum.corpus.corrections import FILE, Correction, Part
from medsum.corpus.decoding import has_half_character
from medsum.serve.appending import replace_line, require_private
from medsum.serve.batch_input import HALF_CHARACTER
from medsum.serve.dialogue_input import read_dialogue
from medsum.serve.opening import sections_of
from medsum.serve.visit import edited

NO_DRAFT = "there is no draft of the model to sign; summarise a dialogue first"


class Corrections:
    """The file of signed notes in a folder.

    Raise UserError if other users can read the folder, or if Git does not ignore the file.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = folder.stat().st_mode
        except OSError as error:
            raise UserError(f"{folder} cannot be made: {error.strerror}; choose another folder") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UserError(f"{folder} is open to other users of this machine; run `chmod 700 {folder}`")
        self.path = folder / FILE
        require_not_in_git(self.path)
        require_private(self.path)

    def add(self, correction: Correction) -> None:
        """Add one correction. It replaces an earlier correction of the same draft.

        Raise UserError if the file cannot be written.
        """
        try:
            replace_line(self.path, correction.beginning(), correction.line())
        except OSError as error:
            raise UserError(
                f"the correction cannot be kept ({error.strerror}); tell the person who runs the server"
            ) from None


def require_not_in_git(path: Path) -> None:
    """Raise UserError if the file is in a Git repository that does not ignore it. Without Git, do nothing."""
    command = ["git", "-C", str(path.parent), "check-ignore", "--quiet", path.name]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return
    if done.returncode == 1:  # 0 means ignored, 1 means not ignored, 128 means not in a repository
        raise UserError(f"Git does not ignore {path.parent}, so it could add patient text; choose data/raw/corrections")


def signed_note(summary: str, drafted: str, source: str, seconds: str, model: str) -> tuple[Correction, dict[str, Any]]:
    """Make a correction from the page's values. Return the correction and the signed note.

    `summary` is the text that the person signs. `drafted` is JSON with the time of the draft (`at`) and the note that
    the model wrote (`note`). `source` is the dialogue of the summary. Raise UserError if a value is wrong.
    """
    note, at = _drafted(drafted)
    if not summary.strip():
        raise UserError("the summary is empty; an empty note cannot be signed")
    dialogue = "\n".join(note["dialogue"])
    if not source.strip() or read_dialogue(source).text != dialogue:
        raise UserError("the draft belongs to another dialogue; summarise again")
    identity = json.dumps([at, model, note["dialogue"], note["summary"]])
    signed = edited(sections_of(json.dumps(note)), summary)
    correction = Correction(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        time=utc_now(),
        model=model,
        seconds=_seconds(seconds),
        dialogue=dialogue,
        sections=tuple(_parts(note, signed)),
    )
    if has_half_character(correction.line()):
        raise UserError(HALF_CHARACTER)
    return correction, signed


def _drafted(drafted: str) -> tuple[dict[str, Any], float]:
    if not drafted:
        raise UserError(NO_DRAFT)
    try:
        values = json.loads(drafted)
        note, at = values["note"], float(values["at"])
        texts = [note["summary"], *note["dialogue"], *(row["summary"] for row in note.get("sections", ()))]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        raise UserError("the page sent a text that is not one of its notes; summarise again") from None
    return note, at


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise UserError("the page sent a time that is not a number of seconds; load the page again")
    return round(seconds, 1)


def _parts(drafted: dict[str, Any], signed: dict[str, Any]) -> list[Part]:
    """Return the sections of the draft and of the signed note. A deleted section has no signed text."""
    if "sections" not in drafted:
        return [Part(drafted["section"], drafted["summary"], signed["summary"].strip())]
    before = {row["section"]: row["summary"] for row in drafted["sections"]}
    after = {row["section"]: row["summary"] for row in signed["sections"]}
    names = dict.fromkeys([*before, *after])
    return [Part(name, before.get(name, ""), after.get(name, "")) for name in names]
