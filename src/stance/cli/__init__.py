"""The ``stance`` command; the only place that knows Hydra."""
