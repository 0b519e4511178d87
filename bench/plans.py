"""Which statements of a page read a growing table from its beginning to its end."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

GROWING = 2_000  # rows; a table with fewer in the full community does not grow with it

Statement = tuple[str, Any]


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Everything that the database is asked meanwhile."""
    asked: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def growing_tables() -> set[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        counts = {}
        for name in names:
            if not re.search(r"words_\w+$", name):  # FTS5's own
                cursor.execute(f'SELECT count(*) FROM (SELECT 1 FROM "{name}" LIMIT {GROWING}) AS few')
                counts[name] = cursor.fetchone()[0]
    return {name for name, count in counts.items() if count >= GROWING}


def scans(asked: list[Statement], growing: set[str]) -> list[str]:
    """What is wrong with the plans of these statements, in words."""
    found = []
    for sql, params in dict(asked).items():
        if re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)", sql):
            is_cut = " LIMIT " in sql
            found += [f"{wrong}: {sql[:300]}" for wrong in _scans(sql, params, growing, is_cut)]
    return found


def _scans(sql: str, params: Any, growing: set[str], is_cut: bool) -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            details = [row[3] for row in cursor.fetchall()]
            stops_early = is_cut and not any("TEMP B-TREE FOR ORDER BY" in detail for detail in details)
            for detail in details:
                yield from _of_sqlite(detail, sql, growing, stops_early)
        else:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
            yield from _of_postgres((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"], growing, is_cut)


def _of_sqlite(detail: str, sql: str, growing: set[str], stops_early: bool) -> Iterator[str]:
    """`SCAN post` reads all of it; in the order of an index, or of its key when it asks for nothing else, it may stop
    early, where the statement says when.
    """
    if not (scan := re.match(r"SCAN (\w+)", detail)) or "VIRTUAL TABLE INDEX" in detail:
        return
    alias = re.search(rf'"?(\w+)"? (?:AS )?"?{scan[1]}"?(?:\W|$)', sql)
    tables = {scan[1], alias[1] if alias else ""}
    is_in_order = "USING" in detail or " WHERE " not in sql
    if tables & growing and not (is_in_order and stops_early):
        yield detail


def _of_postgres(node: dict[str, Any], growing: set[str], is_cut: bool) -> Iterator[str]:
    kind, table = node["Node Type"], node.get("Relation Name")
    if table in growing:
        if "Seq Scan" in kind:
            yield f"{kind} on {table}"
        elif "Index" in kind and not node.get("Index Cond") and not is_cut:
            yield f"{kind} on all of {table}"
    for each in node.get("Plans", ()):
        yield from _of_postgres(each, growing, is_cut or kind == "Limit")
