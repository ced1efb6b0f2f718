"""The command `summarize.py --batch`.

The command does one whole run, writes one shard of a run (shards.py), merges the shards, or does a run on Ray.
"""

import argparse
import sys
from typing import NoReturn

from tqdm import tqdm

from medsum.core.errors import UserError
from medsum.params import privacy
from medsum.serve.batch import Batch
from medsum.serve.batch_outcome import Outcome
from medsum.serve.batch_rows import Options, identity, rows_maker
from medsum.serve.identifiers import require_none
from medsum.serve.section_choice import choice_of
from medsum.serve.shards import WHOLE
from medsum.serve.workers import end_with_first, others, place


def run_batch(chosen: argparse.Namespace, options: Options) -> Outcome | None:
    """Process a batch, and return the counts of its rows.

    Return None for a shard, because a shard does not have all rows. Only the first process returns the counts; the
    other processes return None.
    """
    if options.check:
        from medsum.serve.checking import require_english

        require_english()
    choice_of(options.section, options.sections)  # this raises UserError at once if one of the options is wrong
    run = Batch(chosen.batch, chosen.output, identity(options), chosen.format, chosen.shard or WHOLE)
    launched = place()
    if launched and (chosen.engine or chosen.merge):
        raise UserError("--engine ray and --merge run in one process; start them without accelerate launch")
    rank, processes = launched or (0, chosen.processes or 1)
    if rank:
        end_with_first()
        run.wait_until_prepared()
        work(run, options, rank, processes, 0)
        return None
    run.counts()
    if privacy.load().of_batch() == "fail":
        for source in chosen.batch:
            require_none(source)
    with run.prepared() as resumed:
        if resumed and not chosen.merge:
            print("continuing where an earlier run stopped", file=sys.stderr)
        if chosen.engine:
            run_on_ray(run, options, chosen.processes, chosen.address)
        elif chosen.merge:
            run.require_parts()
        else:
            with others(1 if launched else processes) as started:
                work(run, options, 0, processes, sum(run.counts()) // run.shard.total)
                run.wait_for_parts(lambda: launched is not None or any(process.poll() is None for process in started))
        if chosen.shard:
            print(
                f"shard {chosen.shard.number}/{chosen.shard.total} is done; --merge joins the shards", file=sys.stderr
            )
            return None
        outcome = run.finish()
    tell(outcome, chosen, options)
    return outcome


def tell(outcome: Outcome, chosen: argparse.Namespace, options: Options) -> None:
    """Print messages about bad rows and the counts of the rows to stderr."""
    outcome.tell(chosen.output, "checked" if options.check else "summarised")
    if options.check and outcome.with_major:
        print(f"{chosen.output}: {outcome.with_major} notes have a major flag", file=sys.stderr)


def work(run: Batch, options: Options, rank: int, processes: int, total: int) -> None:
    """Process the chunks of this process. `total` is the number of lines of the whole batch, for the progress bar."""
    make = rows_maker(options)
    with progress_bar(options, total, rank) as bar:

        def report(done: int) -> None:
            bar.update(min(done * processes, total - bar.n))  # this assumes that the other processes are equally fast

        run.work(lambda lines: make(lines, report), rank, processes, report)


def run_on_ray(run: Batch, options: Options, workers: int | None, address: str | None) -> None:
    """Write the parts of a batch on Ray, with a progress bar."""
    from medsum.serve.ray_batches import write_parts

    with progress_bar(options, sum(run.counts())) as bar:
        write_parts(run, options, workers, address, bar.update)


def progress_bar(options: Options, total: int, rank: int = 0) -> "tqdm[NoReturn]":
    """Return a progress bar that counts dialogues. Only the first process shows it."""
    said = "Checking" if options.check else "Summarizing"
    return tqdm(total=total, unit="dialogue", desc=said, disable=rank > 0)
