"""Builds the compiled kernels where a C++ compiler is; everything else stands in pyproject.toml.

The extension is `optional`: where it cannot be compiled the installation still succeeds, and
`didban.match.kernels` uses the pure-Python twin of every kernel (same answers, slower).
"""

from __future__ import annotations

from pathlib import Path

from setuptools import Extension, setup

KERNELS = Path("src/didban/match/kernels")


def extensions() -> list[Extension]:
    """Return the one extension module, or none where its source is absent."""
    binding = KERNELS / "_native.pyx"
    if not binding.exists():
        return []
    # _native.cpp is what Cython makes of the binding; the others are written by hand.
    sources = sorted(p for p in KERNELS.glob("*.cpp") if p.name != "_native.cpp")
    native = Extension(
        "didban.match.kernels._native",
        sources=[binding.as_posix(), *(p.as_posix() for p in sources)],
        depends=[p.as_posix() for p in sorted(KERNELS.glob("*.hpp"))],
        language="c++",
        # No -march=native: one build must run on every machine; SIMD is chosen at run time.
        extra_compile_args=["-std=c++17", "-O3"],
    )
    from Cython.Build import cythonize  # noqa: PLC0415  # only needed when there is a binding

    built: list[Extension] = cythonize([native], language_level=3)
    for extension in built:
        extension.optional = True  # said here because cythonize forgets it
    return built


setup(ext_modules=extensions())
