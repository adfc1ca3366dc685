"""Workers for a class: a Dask cluster of our own on this machine, or one that is there already. One path for both."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import dask.config
from distributed import Client, Future, LocalCluster, Security, as_completed
from distributed.comm.core import CommClosedError

from autograder.crew.folder import own_folder
from autograder.crew.means import SchedulerError, default_workers
from autograder.crew.nursery import open_nursery
from autograder.crew.station import Orders, Station, Task, at_station
from autograder.run import isolation

WAIT_SECONDS = 60
ATTEMPTS = 3
AHEAD = 2
"""Items sent out for each worker: one that it works on, and one that it need not wait for."""
SETTINGS = {
    "distributed.scheduler.allowed-failures": 10,  # a worker's death is never the submission's doing
    "distributed.worker.memory.terminate": False,
    "distributed.comm.timeouts.connect": f"{WAIT_SECONDS}s",
    "distributed.worker.multiprocessing-method": "forkserver",
}


class Crew:
    """Workers that are set up for one lesson."""

    def __init__(self, client: Client, station: Station) -> None:
        """The workers are ready.

        Args:
            client: connected to their scheduler.
            station: that was set up in each of them.
        """
        self.client, self.station = client, station

    def each(self, task: Task, items: Iterable[Any]) -> Iterator[tuple[Any, Future[Any]]]:
        """Every item with its finished future, in the order in which they finish.

        Only some items are under way at once and the others are not even made, so memory stays flat.

        Args:
            task: called in a worker with its sandbox, the lesson and an item.
            items: plain records; made one at a time, when a worker will soon be free.
        """
        waiting, under_way, done = iter(items), {}, as_completed(loop=self.client.loop)

        def send(count: int) -> None:
            for item in islice(waiting, count):
                future = self.client.submit(at_station, self.station.name, task, item, pure=False)
                under_way[future.key] = item
                done.add(future)

        send(self.room())
        for future in done:
            item = under_way.pop(future.key)
            send(max(1, self.room() - len(under_way)))  # more, where workers have joined
            yield item, future

    def room(self) -> int:
        """How many items may be under way."""
        return AHEAD * max(1, len(self.client.scheduler_info(n_workers=-1)["workers"]))


@contextmanager
def crew(orders: Orders, count: int | None = None) -> Iterator[Crew]:
    """Workers set up for a lesson, and everything ended afterwards.

    Args:
        orders: what the workers need to know.
        count: how many items there will be; no more workers than that are started.

    Raises:
        CourseError: the scheduler does not answer, or a worker cannot be set up.
    """
    with quiet(), dask.config.set(SETTINGS), connected(orders, count) as client:
        station = Station(orders)
        try:
            set_up(client, station)
            yield Crew(client, station)
        finally:
            client.unregister_worker_plugin(station.name)


def set_up(client: Client, station: Station) -> None:
    """Set the station up in each worker; one that dies meanwhile comes back with it.

    Raises:
        CourseError: why a worker refused.
        SchedulerError: the scheduler went away.
    """
    for _ in range(ATTEMPTS):
        try:
            client.register_plugin(station)
            return
        except CommClosedError as error:  # so says the scheduler too when a worker dies before it has answered
            reason = error
    raise SchedulerError(f"The scheduler does not answer any more: {reason}")


@contextmanager
def connected(orders: Orders, count: int | None) -> Iterator[Client]:
    """A client of the cluster that the operator named, or of one made for this run."""
    means = orders.means
    if means.scheduler:
        with named_cluster(means.scheduler) as client:
            yield client
        return
    open_nursery(orders.hidden, isolation.choose(means.trusted, means.mode))
    workers = min(means.workers or default_workers(), count or 1_000_000)
    security = Security.temporary()  # loopback is shared with everybody who has an account here
    with (
        own_folder() as folder,
        dask.config.set({"temporary-directory": folder}),  # Dask puts it on the import path: nobody else may write it
        own_cluster(workers, security, folder) as cluster,
        Client(cluster, security=security) as client,
    ):
        yield client


def own_cluster(workers: int, security: Security, folder: str) -> LocalCluster:
    """Workers of our own on this machine, each a process that its nanny starts again should it die.

    Raises:
        SchedulerError: they do not start.
    """
    for _ in range(ATTEMPTS):
        try:
            return LocalCluster(
                n_workers=workers, threads_per_worker=1, host="127.0.0.1", protocol="tls://", security=security,
                dashboard_address=None, memory_limit=0, local_directory=folder, env={"TMPDIR": folder},
                silence_logs=logging.CRITICAL,
            )  # fmt: skip
        except RuntimeError as error:  # one died before its nanny knew it
            reason = error
    raise SchedulerError(f"Expected {workers} workers on this machine. They do not start: {reason}")


@contextmanager
def named_cluster(address: str) -> Iterator[Client]:
    """A client of a cluster that is there already, with Dask's own settings for certificates.

    Raises:
        SchedulerError: it does not answer, or has no workers.
    """
    try:
        client = Client(address, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, TypeError, ValueError, RuntimeError) as error:
        raise SchedulerError(
            f"Expected a Dask scheduler at {address}. {type(error).__name__}: {error}. For tls:// name your "
            "certificates in DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ..__TLS__CLIENT__CERT and ..__TLS__CLIENT__KEY."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except TimeoutError:
            raise SchedulerError(
                f"The scheduler at {address} has no workers. Start some: dask worker {address} --nthreads 1 ..."
            ) from None
        yield client


@contextmanager
def quiet() -> Iterator[None]:
    """Without Dask's remarks about workers that come, go and carry large submissions, and about other clusters here."""
    with warnings.catch_warnings():
        for remark in ("Sending large graph", r"Port \d+ is already in use"):
            warnings.filterwarnings("ignore", message=remark, category=UserWarning)
        yield
