"""Nothing of a person ever stands in a log, whoever logs it and by whatever way."""

from __future__ import annotations

import ast
import json
import logging
import sys
import threading
import warnings
from dataclasses import dataclass

import pytest
import structlog

from bank_help import person
from didban import ids, logs

MRZ = "P<XARKARIMZADEH<<ZAHRA<<<<<<<<<<<<<<<<<<<<<<<\nA12345678<XAR7105029F3001012<<<<<<<<<<<<<<08"
PERSONAL = (
    "Zahra", "KARIMZADEH", "karimzadeh", "زهرا کریم‌زاده", "Захра Каримзаде",
    "A12345678", "12345678", "1971-05-02", "P<XAR", "710502",
)  # fmt: skip


@dataclass
class Someone:
    """Something whose representation says everything."""

    name: str = "Zahra Karimzadeh"
    number: str = "A12345678"


def facts():
    """Return a whole person, in every form in which somebody might log one."""
    entity = person("Zahra Karimzadeh", birthDate="1971-05-02", nationality="XAR")
    return {
        "name": "Zahra Karimzadeh", "original": "زهرا کریم‌زاده", "other": "Захра Каримзаде",
        "lower": "karimzadeh", "number": "A12345678", "digits": 12345678, "mrz": MRZ,
        "born": "1971-05-02", "person": entity, "json": entity.to_json(), "bytes": MRZ.encode(),
        "list": ["Zahra Karimzadeh"], "someone": Someone(), "karimzadeh": 1,
        # the very names of facts that are kept
        "actor": "Zahra Karimzadeh", "authority": "زهرا کریم‌زاده", "subject": MRZ,
        "route": "/api/v1/search?q=Zahra Karimzadeh", "status": Someone(), "kind": entity,
        "request_id": "KARIMZADEH", "duty": "karimzadeh", "fault": "A12345678<XAR7105029F",
        "logger": "Zahra Karimzadeh", "count": 123456789012345678,
    }  # fmt: skip


def require_clean(text):
    """Fail if anything of the person is in a text."""
    assert text
    for line in text.splitlines():
        json.loads(line)
    found = [word for word in PERSONAL if word in text]
    assert not found, text


def test_a_whole_person_leaves_no_trace_by_any_method_of_our_loggers(logged):
    """As facts, as the event, as arguments, bound before or in the context."""
    log = structlog.get_logger("didban.test")
    for say in (log.info, log.warning, log.error, log.critical):
        say("thing.happened", **facts())
    log.info("Zahra Karimzadeh was seen")
    log.info("karimzadeh")
    log.bind(**facts()).error("thing.happened")
    with structlog.contextvars.bound_contextvars(**facts()):
        log.info("thing.happened")

    require_clean(logged.getvalue())


def test_an_error_is_logged_by_its_kind_and_place(logged):
    """Its words quote what it was given; so do those of the error that it came from."""
    log = structlog.get_logger("didban.test")
    try:
        try:
            int("Zahra Karimzadeh")
        except ValueError as error:
            raise RuntimeError(MRZ) from error
    except RuntimeError as error:
        log.exception("thing.failed")
        log.exception("thing.failed", exc_info=error)
        log.exception("thing.failed", stack_info=True)

    require_clean(logged.getvalue())
    said = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert {line["kind"] for line in said} == {"RuntimeError"}
    assert all(line["at"].startswith("test_logs.py:") for line in said)


def test_what_libraries_say_is_kept_as_that_they_said_it_and_where(logged):
    """Web servers log addresses, database drivers statements, clients what they fetched."""
    for name in ("uvicorn.error", "uvicorn.access", "sqlalchemy.engine", "httpx", "alembic", ""):
        logger = logging.getLogger(name)
        logger.warning("GET /search?q=%s", "Zahra Karimzadeh")
        logger.error("Zahra Karimzadeh %s" % MRZ)  # noqa: UP031, G002 - as libraries do
        try:
            raise ValueError(MRZ)  # noqa: TRY301 - as libraries do
        except ValueError:
            logger.exception("karimzadeh", extra={"person": Someone()})
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("A12345678 of Zahra Karimzadeh", stacklevel=1)
        logging.captureWarnings(capture=False)

    require_clean(logged.getvalue())
    said = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert {line["event"] for line in said} == {"library.logged"}
    assert "test_logs" in said[0]["at"]


def test_an_error_that_nobody_caught_is_logged_without_its_words(logged, capfd):
    """Python's own report would print them."""
    thread = threading.Thread(target=int, args=("Zahra Karimzadeh",))
    thread.start()
    thread.join()
    try:
        int(MRZ)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)

    require_clean(logged.getvalue())
    assert logged.getvalue().count("process.failed") == 2
    assert not capfd.readouterr().err


def test_our_own_facts_are_kept(logged):
    """A log that holds nothing helps nobody."""
    facts = {
        "actor": ids.new_id("usr"), "route": "/api/v1/records/{record_id}", "method": "GET",
        "status": 200, "ms": 12.5, "request_id": ids.new_id("req"), "authority": "xar",
        "duty": "audit.seal", "count": 3, "kind": "IntegrityError", "at": "records.py:12",
    }  # fmt: skip
    structlog.get_logger().info("request.answered", **facts)

    said = json.loads(logged.getvalue())
    assert {name: said[name] for name in facts} == facts
    assert (said["event"], said["level"]) == ("request.answered", "info")
    assert "dropped" not in said


def test_a_request_s_identifier_of_the_client_is_kept_where_it_can_be_nothing_else(logged):
    """A UUID finds the request again; free text could be a name."""
    log = structlog.get_logger()
    log.info("request.answered", request_id="0b5e5dd6-53c2-4b5e-9c1b-0a6d4f4f7c11")
    log.info("request.answered", request_id="karimzadeh-zahra")

    first, second = (json.loads(line) for line in logged.getvalue().splitlines())
    assert first["request_id"] == "0b5e5dd6-53c2-4b5e-9c1b-0a6d4f4f7c11"
    assert second["request_id"] == "[str of 16]"


def test_a_terminal_gets_words_instead_of_json(logged):
    """Whoever sits before it reads lines."""
    logs.configure(logged, as_json=False)
    structlog.get_logger().info("node.started", count=1)

    assert "node.started" in logged.getvalue()
    assert not logged.getvalue().startswith("{")


def calls_of_loggers(root):
    """Yield (file, call) of everything that is logged in the source."""
    for path in sorted((root / "src" / "didban").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"_log", "log"}
                and node.func.attr in {"debug", "info", "warning", "error", "exception"}
            ):
                yield path.relative_to(root), node


def test_every_log_of_ours_has_a_fixed_event_and_facts_that_are_kept(root):
    """A fact under another name would be dropped in silence; an event put together could be text."""
    calls = list(calls_of_loggers(root))
    assert len(calls) > 5
    for path, call in calls:
        where = f"{path}:{call.lineno}"
        for event in branches(call.args[0]):
            assert logs._EVENT.fullmatch(event), where
        named = {word.arg for word in call.keywords if word.arg} - {"exc_info"}
        assert named <= set(logs.FACTS), where


def branches(event):
    """Return the texts that an event may be; fail where it is put together."""
    if isinstance(event, ast.IfExp):
        return branches(event.body) + branches(event.orelse)
    assert isinstance(event, ast.Constant)
    return [event.value]


@pytest.mark.parametrize("fact", sorted(logs.FACTS))
def test_every_fact_that_is_kept_refuses_a_name(logged, fact):
    """The shape is looked at under every name; a code is a word of ours in any letters."""
    codes = {"authority", "fault", "kind", "list", "logger", "node", "state"}
    words = () if fact in codes else ("KARIMZADEH", "karimzadeh", "Zahra")
    for value in (
        *words,
        "Zahra Karimzadeh",
        "زهرا",
        "Захра",
        "A12345678",
        MRZ,
        ["Zahra"],
        {"a": 1},
    ):
        structlog.get_logger().info("thing.happened", **{fact: value})

    require_clean(logged.getvalue())
