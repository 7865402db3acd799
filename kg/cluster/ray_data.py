"""Rows as a dataset of Ray Data, read by a pool of actors that hold the models.

A conductor, itself an actor of the cluster, runs the dataset. So it does not matter whether who wants the rows is a driver of the cluster or
its client (`ray://`), with which Ray Data does not work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kg.cluster.reading import ALL, How, Readings
from kg.language import _, use

#: How often a row is tried when the processes that read it are lost.
ATTEMPTS = 3

#: More than so many blocks are too much for Ray Data to look after. A block then has several rows.
_BLOCKS = 50_000

#: A resource that only the first machine of a cluster has.
_HEAD = "node:__internal_head__"


class Conductor:
    """Runs datasets, one after the other."""

    def __init__(self, how: How) -> None:
        use(how.language)
        self._how = how
        self._rows: Iterator[dict[str, Any]] = iter(())

    def begin(self, rows: Sequence[tuple[str, int]], processes: int | None, gpus: float) -> str:
        """Begin to read rows, and say why that is not possible, if it is not."""
        import ray
        import ray.data

        memory = self._how.memory
        fit = room([node["Resources"] for node in ray.nodes() if node["Alive"]], memory or 0, gpus)
        if not fit:
            message = _("no machine of the cluster has what a process that reads needs: a core, {gigabytes:.1f} GB of memory, {gpus:g} GPUs")
            return message.format(gigabytes=(memory or 0) / 1e9, gpus=gpus)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        context.max_errored_blocks = -1  # what was lost is seen by its absence
        # One more than an actor works on, so that it has not to wait. But a document that ends the actor must not take another with it.
        ahead = 2 if all(document == ALL for _shard, document in rows) else 1
        most = min(len(rows), processes or len(rows))
        needs: dict[str, Any] = {"num_cpus": 1, **({"num_gpus": gpus} if gpus else {}), **({"memory": memory} if memory else {})}
        items = [{"shard": shard, "document": document} for shard, document in rows]
        self._rows = iter(
            ray.data.from_items(items, override_num_blocks=min(len(items), _BLOCKS))
            .map_batches(
                Readings,
                fn_constructor_args=(self._how,),
                batch_size=1,
                compute=ray.data.ActorPoolStrategy(min_size=min(fit, most), max_size=most, max_tasks_in_flight_per_actor=ahead),
                max_task_retries=ATTEMPTS - 1,
                **needs,
            )
            .iter_rows()
        )
        return ""

    def next(self) -> dict[str, Any] | None:
        """The next row that is done; None when all are that will be."""
        return next(self._rows, None)


def conductor(ray: Any, how: How) -> Any:
    """Start one, on the first machine of the cluster that this process is connected with: the others may go while a run lasts."""
    where = {_HEAD: 0.001} if _HEAD in ray.cluster_resources() else {}
    return ray.remote(Conductor).options(num_cpus=0, resources=where).remote(how)


def room(machines: Sequence[dict[str, float]], memory: int, gpus: float) -> int:
    """How many processes fit on machines with these resources, each with a core."""
    needs = {"CPU": 1, **({"memory": memory} if memory else {}), **({"GPU": gpus} if gpus else {})}
    return sum(int(min(machine.get(name, 0) / need for name, need in needs.items())) for machine in machines)
