"""Promote a model, or roll back. The promoted model is the model that the server uses.

    python -m medsum.review.promote [--before FILE.jsonl]
    python -m medsum.review.promote --rollback

The first form promotes a new model if it is not worse than the promoted model. It reads models/serving,
data/scores/finetuned.jsonl and data/splits/test.jsonl. These files must be up to date, and dvc.lock must be committed.
The command compares the scores of the new model with the scores of the promoted model on the same test records
(gate.py). If the new model is not worse, the command writes models/promoted/ and a Git tag. If the test records or the
scoring have changed since the last promotion, `--before` names a file with new scores of the promoted model.

The second form rolls back: the server uses the previously promoted model again. docs/promote.md describes both forms.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError, run_script
from medsum.core.lock import read_lock
from medsum.core.paths import LOCK, SERVING, TEST_SPLIT
from medsum.core.paths import SCORES as SCORES_FOLDER
from medsum.core.pipeline import require_fresh
from medsum.core.utc import utc_now
from medsum.dialogue.record import Record, read_jsonl, read_records
from medsum.params import model
from medsum.review import gate, promoted, version_tags
from medsum.review.model_hash import model_hash

STAGES = ("check", "prepare", "split", "audit", "train", "export", "predict", "evaluate")
OWN_SCORES = SCORES_FOLDER / "finetuned.jsonl"
# These inputs of the stage `evaluate` decide how summaries are scored.
SCORED_BY = ("medsum/evaluation", "medsum/facts", "medsum/faithfulness", "medsum/metrics", "models/scorer/")


def scorer_hash() -> str:
    """Return a hash of the code, parameters and encoder models with which the stage evaluate scored the summaries."""
    stage = read_lock().get("evaluate")
    if stage is None:
        raise UserError(f"{LOCK} has no stage evaluate; run `dvc repro` first")
    deps = [[dep["path"], dep.get("md5")] for dep in stage["deps"] if dep["path"].startswith(SCORED_BY)]
    return hashlib.sha256(json.dumps([sorted(deps), stage.get("params")]).encode()).hexdigest()


def scores_before(version: int, records: list[Record], now: list[gate.Row], given: Path | None) -> list[gate.Row]:
    """Return the scores of the promoted version on the present test records. Raise UserError if scores are missing."""
    if given is not None:
        return gate.read_scores(given, records)
    before = gate.paired(list(read_jsonl(promoted.folder_of(version) / promoted.SCORES)), now)
    if before and promoted.record_of(version)["scorer"] == scorer_hash():
        return before
    changed = "the scoring has" if before else "the test records have"
    raise UserError(
        f"{changed} changed since v{version} was promoted, so its scores cannot be compared; score v{version} again as"
        " docs/promote.md says, and give the new scores with --before"
    )


def promote(given: Path | None) -> str:
    """Promote models/serving and return a message. Raise UserError if the new model is worse."""
    require_fresh(*STAGES)
    version_tags.require_committed(LOCK)
    records = read_records(TEST_SPLIT)
    now = gate.read_scores(OWN_SCORES, records)
    own, before = model_hash(SERVING.as_posix()), promoted.current()
    comparison: dict[str, Any] = {}
    if before is not None:
        if promoted.record_of(before)["model"] == own:
            raise UserError(f"{SERVING} is the promoted model v{before} already; train another model first")
        comparison, reasons = gate.compare(scores_before(before, records, now, given), now)
        if reasons:
            raise UserError(f"the model is not promoted, v{before} stays: {'; '.join(reasons)}")
    version = max(promoted.next_version(), version_tags.highest() + 1)
    record = {
        "version": version,
        "before": before,
        "time": utc_now(),
        "model": own,
        "base": model.load().base,
        "commit": version_tags.commit(),
        "records": len(records),
        "scores": gate.means(now),
        "summaries_with_major_errors": gate.safety(now),
        "compared_with_before": comparison,
        "scorer": scorer_hash(),
    }
    promoted.add(version, record, now)
    promoted.serve(version)
    how = "first promoted model, without a comparison" if before is None else f"not worse than v{before}"
    return f"{promoted.folder_of(version)}: promoted, {how}. {version_tags.register(version, record)}"


def rollback() -> str:
    """Let the server use the version before the promoted version, and return a message.

    Raise UserError if there is no earlier version.
    """
    version = promoted.current()
    before = None if version is None else promoted.record_of(version)["before"]
    if before is None:
        raise UserError("there is no promoted model to go back to; serve another model with --model")
    folder = promoted.folder_of(before)
    if not folder.is_dir() or model_hash(folder.as_posix()) != promoted.record_of(before)["model"]:
        raise UserError(f"{folder} is missing or has changed since it was promoted; serve another model with --model")
    promoted.serve(before)
    return f"{folder}: served again instead of v{version}. {version_tags.assign(before)}"


def main() -> None:
    """Promote the new model or roll back, and print which version the next start of the server serves."""
    parser = argparse.ArgumentParser(prog="python -m medsum.review.promote", description="Promote the served model.")
    parser.add_argument("--rollback", action="store_true", help="serve the version before the promoted version")
    parser.add_argument("--before", type=Path, metavar="FILE.jsonl", help="new scores of the promoted model")
    given = parser.parse_args()
    if given.rollback and given.before:
        parser.error("--before cannot be used with --rollback")
    print(rollback() if given.rollback else promote(given.before))


if __name__ == "__main__":
    run_script(main)
