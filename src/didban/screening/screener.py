"""Screening from Python: open a snapshot, check persons and documents, get typed answers.

from didban import Screener

with Screener("lists.snapshot", purpose="border_control", reference="Gate 4") as screener:
    answer = screener.check_person(names=["..."], birth_date="1970", nationalities=["ir"])
    print(answer.verdict, [(match.caption, match.score) for match in answer.matches])
"""

from __future__ import annotations

import weakref
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from didban import clock, settings
from didban.errors import InvalidInput, quoted
from didban.guard.check_log import CheckLog
from didban.guard.entries import Outcome
from didban.guard.reasons import reason_for
from didban.match.modes import Mode
from didban.match.snapshot import Snapshot
from didban.screening.check import Answer, Depth, Verdict, ask, asked_of
from didban.screening.freshness import Freshness, Limits, assess
from didban.screening.question import Question

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from types import TracebackType

    from didban.guard.check_log import Run
    from didban.settings import Settings


class Screener:
    """An open snapshot that answers checks. Use it as a context manager, or `close` it.

    - A purpose is required, from here or from the settings, as for every check.
    - All checks of one screener are one run: the check log gets one entry when it is closed, with
      how many were asked and matched. A screener that is killed is entered as interrupted, one that
      an exception ends as failed, one that could only answer UNKNOWN as unknown.
    - Not for several threads at once; several processes may each open their own.
    """

    def __init__(
        self,
        snapshot: str | os.PathLike[str] | None = None,
        *,
        purpose: str | None = None,
        reference: str | None = None,
        mode: str | None = None,
        config: Settings | None = None,
    ) -> None:
        """Open `snapshot` (or the one of the settings) for checks with this purpose.

        Raises `PurposeMissing`, `InvalidInput` for an unknown mode, `NotFound` or
        `IntegrityFailure` for a snapshot that cannot be opened.
        """
        chosen = config or settings.load()
        path = snapshot or chosen.snapshot
        if path is None:
            raise InvalidInput("no snapshot was named, here or in the settings")
        reason = reason_for(
            purpose or chosen.purpose,
            reference or chosen.reference,
            require_reference=chosen.require_reference,
        )
        self._limits = limits_of(chosen)
        self._depth = Depth(
            mode=mode_of(mode or chosen.screening.mode), limit=chosen.screening.limit
        )
        self._snapshot = Snapshot.open(Path(path))
        log = CheckLog.beside(Path(path), chosen.check_log)
        run = log.begin(reason, command="python", snapshot=self._snapshot.built_at.isoformat())
        self._tally = _Tally(run)
        # Also entered when the interpreter ends without a `close`.
        self._finish = weakref.finalize(self, self._tally.end)

    @property
    def snapshot(self) -> Snapshot:
        """The open snapshot, for what this class has no word for."""
        return self._snapshot

    @property
    def freshness(self) -> Freshness:
        """How old the data is at this moment."""
        return assess(self._snapshot.built_at, clock.now(), self._limits, self._snapshot.datasets)

    def check_person(
        self,
        *,
        names: str | Iterable[str] = (),
        birth_date: str | date | None = None,
        nationalities: str | Iterable[str] = (),
        sex: str | None = None,
        documents: str | Iterable[str] = (),
    ) -> Answer:
        """Check one person by what is known; the fields are those of `Question`.

        One value may stand without its list.
        """
        question = Question(
            names=_values(names),
            birth_date=birth_date.isoformat() if isinstance(birth_date, date) else birth_date,
            nationalities=_values(nationalities),
            sex=sex,
            documents=_values(documents),
        )
        return self.check(question)

    def check_document(self, number: str, *, issuer: str = "", type: str = "") -> Answer:  # noqa: A002 - the field's own word
        """Check one document by its number and, where known, its issuing state and type."""
        if ":" in number:
            raise InvalidInput("the number holds more than itself; give issuer and type apart")
        return self.check(Question(documents=(f"{issuer}:{type}:{number}",)))

    def check_mrz(self, *texts: str) -> Answer:
        """Check the holder and the document of a machine-readable zone, and its repairs."""
        return self.check(Question(mrzs=texts))

    def check(
        self, question: Question, *, limit: int | None = None, threshold: float | None = None
    ) -> Answer:
        """Answer one question; `threshold` 0 shows every candidate up to `limit`.

        Raises `InvalidInput` for a part that cannot be read.
        """
        depth = replace(self._depth, limit=limit or self._depth.limit, threshold=threshold)
        answer = ask(self._snapshot, asked_of(question, clock.today()), depth, self.freshness)
        self._tally.count(answer.verdict)
        return answer

    def close(self) -> None:
        """Enter the run in the check log, and give the snapshot back."""
        self._finish()
        self._snapshot.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._tally.broken_off = Outcome.INTERRUPTED
        elif isinstance(error, Exception):  # an exit in between is not a failure
            self._tally.broken_off = Outcome.FAILED
        self.close()


def _values(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return the values; a text is one of them, not the row of its letters."""
    return (given,) if isinstance(given, str) else tuple(given)


class _Tally:
    """Counts the checks of one run into its note, and ends it once.

    `broken_off` is how the run ended, if it did not end by itself.
    """

    def __init__(self, run: Run) -> None:
        self.broken_off: Outcome | None = None
        self._run = run
        self._asked = 0
        self._matched = 0
        self._unknown = 0

    def count(self, verdict: Verdict) -> None:
        self._asked += 1
        self._matched += verdict is Verdict.POSSIBLE_MATCH
        self._unknown += verdict is Verdict.UNKNOWN
        self._run.update(asked=self._asked, matched=self._matched)

    def end(self) -> None:
        is_unknown = 0 < self._asked == self._unknown
        self._run.end(self.broken_off or (Outcome.UNKNOWN if is_unknown else Outcome.DONE))


def limits_of(config: Settings) -> Limits:
    """Return the ages of a snapshot that the settings allow."""
    return Limits(
        warn_after=timedelta(hours=config.staleness.warn_after_hours),
        unknown_after=timedelta(hours=config.staleness.unknown_after_hours),
    )


def mode_of(name: str) -> Mode:
    """Return the operating mode of this name."""
    try:
        return Mode(name)
    except ValueError as error:
        known = ", ".join(mode.value for mode in Mode)
        raise InvalidInput(f"{quoted(name)} is not a mode; the modes are: {known}") from error
