"""Services over the datasets that a test asks for, each made once, and the client that asks them."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOKEN: Final = "test"  # noqa: S105 - what the tests send
_DIDBAN: Final = (sys.executable, "-m", "didban")
_REASON: Final = ("--purpose", "quality_test", "--reference", "yente")


class Manifest:
    """Datasets, as a test lists them: with a name, and a `path` or an `entities_url`."""

    def __init__(self, datasets: Sequence[Any]) -> None:
        self.datasets = datasets

    @classmethod
    def model_validate(cls, data: dict[str, Any]) -> Manifest:
        """Return a manifest; what of it is fetched from the web is left out."""
        return cls([_dataset(each) for each in data.get("datasets", ())])

    @property
    def sources(self) -> tuple[str, ...]:
        """The datasets as `didban lists build` takes them."""
        return tuple(f"ftm:{dataset.name}={_path(dataset)}" for dataset in self.datasets)


def _dataset(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    dataset = SimpleNamespace(**data)
    dataset.copy = lambda: dataset
    return dataset


def _path(dataset: Any) -> str:
    return getattr(dataset, "path", None) or unquote(urlsplit(dataset.entities_url).path)


class Client:
    """A client of the service of the manifest that is in force."""

    def __init__(self) -> None:
        self._ended = contextlib.ExitStack()
        self._folder = Path(self._ended.enter_context(tempfile.TemporaryDirectory()))
        self._clients: dict[tuple[str, ...], httpx.Client] = {}
        self.manifest = Manifest(())

    def __getattr__(self, method: str) -> Any:
        sources = self.manifest.sources
        if sources not in self._clients:
            self._clients[sources] = self._served(self._folder / str(len(self._clients)), sources)
        return getattr(self._clients[sources], method)

    @contextlib.contextmanager
    def serving(self, manifest: Manifest) -> Iterator[None]:
        """Ask the service of another manifest for a while."""
        before, self.manifest = self.manifest, manifest
        try:
            yield
        finally:
            self.manifest = before

    def close(self) -> None:
        """End the services."""
        self._ended.close()

    def _served(self, folder: Path, sources: tuple[str, ...]) -> httpx.Client:
        """Build a snapshot, start a service over it, and return a client of it."""
        folder.mkdir()
        token, snapshot = folder / "token", os.fspath(folder / "lists")
        token.write_text(TOKEN, encoding="utf-8")
        build = [part for source in sources for part in ("--source", source)]
        subprocess.run(  # noqa: S603 - our own command
            [*_DIDBAN, "lists", "build", snapshot, *build], stdout=subprocess.DEVNULL, check=True
        )
        process = self._ended.enter_context(
            subprocess.Popen(  # noqa: S603 - our own command
                [*_DIDBAN, "serve", "--snapshot", snapshot, "--port", "0", *_REASON],
                stderr=subprocess.PIPE,
                env={**os.environ, "DIDBAN_SERVING_UPDATE_TOKEN_FILE": os.fspath(token)},
                text=True,
            )
        )
        self._ended.callback(process.terminate)
        told = process.stderr.readline() if process.stderr else ""
        address = re.search(r"http://\S+", told)
        if address is None:
            raise RuntimeError(f"it does not serve: {told}")
        client = httpx.Client(base_url=address[0], follow_redirects=True, timeout=60)
        return self._ended.enter_context(client)
