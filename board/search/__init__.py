"""Finding posts and lines by their words: one tokenisation, two engines (SQLite's FTS5, PostgreSQL's full text)."""
