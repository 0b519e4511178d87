"""Thousands of listeners in a process of their own, and how the benchmark talks with it."""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import uvloop

from bench.listeners import Door, Ear, Group, State, Tally
from cobra.serve import raise_file_limit

AT_ONCE = 64  # connections under way
NOBODY = Group()


class Crowd:
    """The groups of listeners; its methods are what `Listeners` asks for."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}

    async def open(self, name: str, door: Door, count: int, *, reads: bool = True) -> State:
        """`count` more listeners; returns when every stream is open, refused or lost."""
        group = self.groups.setdefault(name, Group(reads=reads))
        ears = [Ear(group, door, number) for number in range(count)]
        group.ears += ears
        turns = iter(ears)

        async def walk_in() -> None:
            for ear in turns:
                await ear.connect()

        await asyncio.gather(*(walk_in() for _ in range(AT_ONCE)))
        return group.state()

    async def come_back(self, name: str) -> None:
        """From now on connections that end are made anew, from the last id."""
        self.groups.setdefault(name, Group()).comes_back = True

    async def forget(self, name: str) -> None:
        """Begin a new round."""
        self.groups.get(name, NOBODY).forget()

    async def tally(self, name: str, numbers: list[int], patience: float) -> Tally:
        """Wait until everybody has all these lines, or nothing has come for `patience` seconds."""
        group = self.groups.get(name, NOBODY)
        due, heard, since = len(group.ears) * len(numbers), -1, time.monotonic()
        while time.monotonic() - since < patience and (len(group.latencies) < due or group.lacks(numbers)):
            if heard != len(group.latencies):
                heard, since = len(group.latencies), time.monotonic()
            await asyncio.sleep(0.02)
        return group.tally(numbers)

    async def state(self, name: str) -> State:
        return self.groups[name].state()

    async def close(self, name: str) -> None:
        if group := self.groups.pop(name, None):
            group.close()


async def _serve(pipe: Connection) -> None:
    crowd = Crowd()
    while True:
        try:
            method, args, kwargs = await asyncio.to_thread(pipe.recv)
        except EOFError:
            return
        pipe.send(await getattr(crowd, method)(*args, **kwargs))


def _run(pipe: Connection) -> None:
    raise_file_limit()
    uvloop.run(_serve(pipe))


class Listeners:
    """The crowd as the benchmark holds it: `listeners.ask("open", …)` calls `Crowd.open` over there."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        self._pipe.send((method, args, kwargs))
        return self._pipe.recv()


@contextmanager
def listeners() -> Iterator[Listeners]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Listeners(ours)
    finally:
        ours.close()
        process.join(10)
