"""Slow work (mail, downloads) off the threads that answer requests, through Django's tasks API."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections
from django.tasks.backends.immediate import ImmediateBackend
from django.tasks.base import TaskResult

from cobra import request_ids

# Two are enough for a community on one machine; a queue in the database can take over by changing TASKS alone.
_pool = ThreadPoolExecutor(2, thread_name_prefix="task")


class ThreadBackend(ImmediateBackend):
    """Runs each task on a small pool of threads of this process.

    A failure is logged by django.tasks, with the id of the request that wanted the task.
    """

    def _execute_task(self, task_result: TaskResult[..., Any]) -> None:
        _pool.submit(self._run, task_result, request_ids.current())

    def _run(self, task_result: TaskResult[..., Any], request_id: str) -> None:
        request_ids.go_on(request_id)
        try:
            super()._execute_task(task_result)  # type: ignore[misc]  # not in the stubs
        finally:
            connections.close_all()
