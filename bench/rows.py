"""Many rows at once into a table of either database, whatever columns it has."""

from collections.abc import Iterable, Iterator
from itertools import batched, chain
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

BATCH = 20_000


def fill(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """`rows`: values by attribute (`author_id`); what they leave out has the model's default, or the table's key."""
    rows = iter(rows)
    first = next(rows)
    fields = [field for field in model._meta.concrete_fields if field.attname in first or not field.db_returning]
    defaults = {field.attname: _prepared(field, field.get_default()) for field in fields}
    by_name = {field.attname: field for field in fields}

    def values() -> Iterator[list[Any]]:
        for row in chain([first], rows):
            given = {name: _prepared(by_name[name], value) for name, value in row.items()}
            yield [given.get(name, default) for name, default in defaults.items()]

    _insert(model._meta.db_table, [field.column for field in fields], values())
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _prepared(field: models.Field[Any, Any], value: Any) -> Any:
    return value if value is None or type(value) in (int, str) else field.get_db_prep_save(value, connection)


def _insert(table: str, columns: list[str], rows: Iterable[Iterable[Any]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:  # type: ignore[attr-defined]
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            for some in batched(rows, BATCH, strict=False):
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', some)


def fill_words(words: Any, rows: Iterable[Any]) -> None:
    """The same for a table of the search: on PostgreSQL its index is made afterwards."""
    if connection.vendor == "sqlite":
        for some in batched(rows, BATCH, strict=False):
            words.put(some)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {words.table}_words")
        cursor.execute("SET maintenance_work_mem = '1GB'")
    _insert(words.table, ["id", "words"], ((row.id, words.vector(row)) for row in rows))
    words.create_index()
