from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from didban.api.server import _listener
from didban.errors import Unavailable
from didban.serving.workers import Workers


@pytest.fixture
def listener():
    """Return a socket that listens; afterwards signals are handled as before."""
    handlers = {number: signal.getsignal(number) for number in range(1, signal.SIGSYS)}
    with _listener(0) as listener:
        yield listener
    for number, handler in handlers.items():
        if signal.getsignal(number) != handler:
            signal.signal(number, handler)


def two_of(factory):
    """Return how two workers of an application are run."""
    return uvicorn.Config(factory, factory=True, workers=2, lifespan="off", log_config=None)


def slowly_loaded(sign: Path) -> Starlette:
    """Return an application, leaving a sign when it is loaded."""
    time.sleep(0.5)
    sign.touch()
    return Starlette()


def test_they_answer_when_the_first_does(listener, tmp_path):
    """Not before: who asks at once would wait for as long as everything is being loaded."""
    seen = []

    def answers() -> None:
        seen.append((tmp_path / "loaded").exists())
        os.kill(os.getpid(), signal.SIGTERM)

    Workers(two_of(partial(slowly_loaded, tmp_path / "loaded")), listener, answers).run()

    assert seen == [True]


def test_one_that_ends_before_any_answers_ends_all(listener):
    """The next would end as it did, for ever, and nobody would be told."""
    with pytest.raises(Unavailable, match="before it could answer"):
        Workers(two_of(partial(os._exit, 7)), listener, pytest.fail).run()
