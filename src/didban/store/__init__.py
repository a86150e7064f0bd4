"""The system of record, in PostgreSQL. The only room that knows SQL."""
