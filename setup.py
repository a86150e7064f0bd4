"""Builds the compiled kernels where a C++ compiler is; everything else stands in pyproject.toml.

The extension is `optional`: where it cannot be compiled the installation still succeeds, and
`didban.match.kernels` uses the pure-Python twin of every kernel (same answers, slower).
"""

from __future__ import annotations

from pathlib import Path

from setuptools import Extension, setup

KERNELS = Path("src/didban/match/kernels")


def extensions() -> list[Extension]:
    """Return one extension module for each binding; none where the sources are absent."""
    # NAME.cpp is what Cython makes of NAME.pyx; what is written by hand stands in headers.
    native = [
        Extension(
            f"didban.match.kernels.{binding.stem}",
            sources=[binding.as_posix()],
            depends=[p.as_posix() for p in sorted(KERNELS.glob("*.hpp"))],
            language="c++",
            # No -march=native: one build must run on every machine; SIMD is chosen at run time.
            # Nor are two operations on fractions made one, which would round otherwise than Python.
            extra_compile_args=["-std=c++17", "-O3", "-ffp-contract=off"],
        )
        for binding in sorted(KERNELS.glob("*.pyx"))
    ]
    if not native:
        return []
    from Cython.Build import cythonize  # noqa: PLC0415  # only needed when there is a binding

    built: list[Extension] = cythonize(native, language_level=3)
    for extension in built:
        extension.optional = True  # said here because cythonize forgets it
    return built


setup(ext_modules=extensions())
