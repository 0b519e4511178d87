"""What operations take and answer, as the documentation describes it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

LISTED, MOST_LISTED = 20, 100  # unless told otherwise, and at most


def _no_truth(value: Any) -> Any:
    """`true` is no number, though Python thinks so."""
    if isinstance(value, bool):
        raise ValueError
    return value


# Of a post, a room, a line, a person. What the database cannot count to is nobody's.
Id = Annotated[int, BeforeValidator(_no_truth), Field(ge=0, le=2**63 - 1)]
Limit = Annotated[int, Field(ge=1, le=MOST_LISTED)]

# `{"detail": "…"}`, or by field `{"title": ["…"]}`.
Problem = dict[str, str | list[str]]
# Any operation may answer with any of these: whatever refuses does so in the same words everywhere.
PROBLEMS = (400, 401, 403, 404, 405, 409, 413, 422, 429, 503)


def answers(schema: Any, status: int = 200) -> dict[Any, Any]:
    """What an operation answers: this, or a Problem."""
    return {status: schema, PROBLEMS: Problem}
