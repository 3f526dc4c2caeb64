"""Errors that a user can act on: one sentence each, and the exit code that a shell sees."""

from __future__ import annotations


class StanceError(Exception):
    """An expected failure; its message is one sentence saying what is wrong, where, and what to do."""

    exit_code = 1


class ConfigError(StanceError):
    """The command line or a configuration asks for something that cannot be done."""

    exit_code = 2


class DataError(StanceError):
    """Documents, labels or tables are missing, malformed, or too few."""

    exit_code = 3


class ArtifactError(StanceError):
    """A saved model is missing, damaged, or of a format that this version does not read."""

    exit_code = 4


class QualityError(StanceError):
    """A model misses the quality gate that the configuration sets."""

    exit_code = 5
