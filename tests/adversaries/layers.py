"""Each layer of isolation matters: with the layers that duplicate it off, an attack is stopped with it and not without.

make layers
"""

import sys

from rich.console import Console
from rich.table import Table

from autograder.doctor.examine import BOMBS, SMALL, Finding, job, judge_bomb, judge_peek, places_outside, what_changed
from autograder.run import cgroup
from autograder.run.worker import ZygoteWorker

SECONDS = 20.0
PROOFS = {
    "bubblewrap": ("reads_the_course", ()),
    "namespaces": ("signals_the_grader", ()),
    "landlock": ("writes_outside_its_folder", ()),
    "seccomp": ("makes_memory_that_no_limit_counts", ()),
    "capabilities": ("mounts_a_file_system", ("namespaces",)),
    "rlimits": ("allocates_too_much", ()),
    "watchdog": ("uses_too_much_memory", ()),
    "sweep": ("outlives_its_job", ()),
}
"""Layer to an attack that it alone stops, and what must be there for the attack to make sense."""


def proof_of(layer):
    """The attack's finding without the layer, and with it."""
    attack, base = PROOFS[layer]
    return attack_through(attack, base), attack_through(attack, (*base, layer))


def attack_through(attack, layers) -> Finding:
    """Try one attack behind the given layers alone. The attack is ours and harmless: it may get through."""
    with places_outside() as (places, hidden):
        worker = ZygoteWorker([hidden], layers, SMALL)
        try:
            worker.run(job(["connects_to_the_network"], places, SECONDS))  # the worker is up
            before = len(worker.descendants())
            run = worker.run(job([attack], places, SECONDS))
            if attack in BOMBS:
                return judge_bomb(attack, run, len(worker.descendants()) - before)
            return judge_peek(attack, run.answers[0], None, what_changed(places["outside"]))
        finally:
            worker.close()


def main():
    """Print the table; exit code 1 where a layer is not proven."""
    table = Table(title="What each layer stops, with the others off")
    for heading in ("layer", "attack", "without it", "with it"):
        table.add_column(heading, overflow="fold")
    unproven = []
    for layer in PROOFS:
        without, with_it = proof_of(layer)
        table.add_row(layer, without.attack, f"got through: {without.how}", f"stopped: {with_it.how}")
        if without.holds or not with_it.holds:
            unproven.append(layer)
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    if cgroup.delegated() is None:
        console.print("cgroup: not tried, this machine gives us no control group of version 2.")
    console.print(f"Not proven: {', '.join(unproven)}" if unproven else "Every layer is proven.")
    sys.exit(bool(unproven))


if __name__ == "__main__":
    main()
