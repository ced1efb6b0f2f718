"""Find all places that have the records, and put the places into the order of removal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from medsum.core.lock import read_lock
from medsum.core.paths import ADAPTER, RECORDS, SECOND_PASS, SERVING, SOURCES, SPLITS
from medsum.erase import cache, history, tree
from medsum.erase.finding import Finding
from medsum.erase.places import Places
from medsum.erase.records import Records, find_records, rows_with_ids
from medsum.params import data, watch

PREPARED = tuple(Path("data") / name for name in ("processed", "splits", "audited", "predictions", "scores"))


@dataclass(frozen=True)
class Survey:
    """The findings in the order of removal, what DVC has of the records, and a text that says what was searched."""

    findings: list[Finding]
    held: cache.Held
    searched: str


def collected(ids: set[str], places: Places, text: str) -> Records:
    """Return the records with these ids and their traces. `text` is the text of the records if the user gave it."""
    files = [file for folder in PREPARED for file in sorted(folder.glob("*.jsonl"))]
    return find_records(ids, data.load(), [*files, *cache.objects(places)], text)


def still_there(records: Records) -> Records:
    """Return the records with the same traces, but with the rows that the source has after the removal."""
    params = data.load()
    return replace(records, rows=rows_with_ids(records.traces.ids, SOURCES / params.source, params.columns))


def survey(records: Records, places: Places, others: list[Path], left_out: list[Path]) -> Survey:
    """Search everywhere.

    `others` are folders outside the project that are also searched. `left_out` are files that are not searched, because
    the user made them for this command, such as the list of ids.

    Files with whole records and the rows of the source lead to other places that have the records. So they are removed
    last, and the rows of the source are removed at the very end. If the command is killed, a second run still finds
    everything that is left.
    """
    traces = records.traces
    not_searched = tree.not_searched(places.cache) | {path.resolve() for path in left_out}
    files = tree.files_with(traces, [Path(), *others], not_searched)
    in_git, git_objects = history.objects_with(traces) if history.is_used() else (set(), 0)
    commits = [*history.experiments().values(), *history.tasks()] if history.is_used() else []
    locks = [*read_lock().values(), *(stage for commit in commits for stage in history.lock_of(commit))]
    held = cache.held(places, traces, locks, files)
    of_git = list(history.findings(in_git, held.texts | held.models, traces.ids)) if history.is_used() else []
    experiments = [one for one in of_git if one.place.startswith("experiment ")]
    findings = [
        *experiments,
        *cache.findings(places, held),
        *_checkpoints(records, held),
        *tree.findings(sorted(set(files) - records.rows.keys(), key=_last), traces),
        *_state(places, records),
        *(one for one in of_git if one not in experiments),
        *tree.source_findings(records.rows, traces.ids),
    ]
    counted = sum(1 for root in (Path(), *others) for _ in tree.files_below(root, not_searched))
    objects = sum(1 for _ in cache.objects(places))
    searched = f"{counted:,} files, {objects:,} objects of DVC's cache and {git_objects:,} objects of Git"
    return Survey(findings, held, searched)


def _last(file: Path) -> tuple[bool, bool, str]:
    """Return a key that sorts files with whole records after files that were made from them."""
    return file == RECORDS, file.is_relative_to(SPLITS), str(file)


def _checkpoints(records: Records, held: cache.Held) -> list[Finding]:
    return list(tree.checkpoint_findings()) if records.rows or held.texts else []


def _state(places: Places, records: Records) -> list[Finding]:
    """Return DVC's database of file names and their md5, if the name of a file has the record's id."""
    files = tree.files_with(records.traces, [places.state], set()) if places.state.is_dir() else []
    return [
        Finding(f"DVC's list of file names ({file.name})", "deleted", partial(file.unlink, missing_ok=True))
        for file in files
    ]


def to_tell(records: Records, found: Survey, places: Places) -> Iterator[str]:
    """Yield a sentence for everything that this command cannot remove. The sentence says what a person must do."""
    if records.alike:
        number, source = len(records.alike), SOURCES / data.load().source
        several = f"{number} other records of {source} have" if number > 1 else f"1 other record of {source} has"
        yield f"{several} the same text; if it belongs to the same patient, erase it too"
    for path in cache.current_models(found.held.models):
        yield f"{path} was trained on the record; run `dvc repro`, then this command again to remove the old model"
    if not found.held.models and any(folder.exists() for folder in (ADAPTER, SECOND_PASS, SERVING)) and found.findings:
        yield f"{ADAPTER} or {SERVING} may be trained on the record; train again"
    if places.remotes:
        named = ", ".join(f"`{name}`" for name in places.remotes)
        yield f"DVC's remote {named} may have copies; train again, then run `dvc push` and `dvc gc -w -c` there"
    if history.is_used() and (remotes := history.remotes()):
        yield f"Git's remote {', '.join(remotes)} and every clone may have copies; run this command in each"
    if services := [name for name in watch.load().report_to if name not in ("none", "tensorboard", "dvclive")]:
        yield f"{', '.join(services)} (watch.report_to) may have curves of models that were trained on it"
    yield "published adapters, models that were given away, backups and exported notes: inform the people who have them"
