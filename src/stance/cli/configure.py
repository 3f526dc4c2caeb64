"""Hydra: where the configs are, how a command runs under it, and how a config becomes an object."""

from __future__ import annotations

import importlib
import inspect
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hydra
from hydra.errors import (
    ConfigCompositionException,
    HydraException,
    InstantiationException,
    MissingConfigException,
)
from hydra.utils import instantiate
from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException
from sklearn.base import BaseEstimator

from stance.errors import ConfigError, StanceError

log = logging.getLogger(__name__)

_OURS = frozenset(
    {
        "stance.evaluation.BehaviourSuite",
        "stance.evaluation.Gate",
        "stance.corpus.CueLexicon",
        "stance.corpus.LeaveOneSpeakerOut",
        "stance.corpus.TemporalSplit",
        "stance.corpus.join_corpora",
        "stance.corpus.read_semeval",
        "stance.corpus.read_table",
        "stance.training.CueClassifier",
        "stance.training.FastCountVectorizer",
        "stance.training.FastTfidfVectorizer",
        "stance.training.SizedLogisticRegression",
        "stance.training.cue_vectorizer",
    }
)


def config_dir() -> str:
    """The absolute path of the configs: inside the installed package, else in the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "configs"
    return str(installed if installed.is_dir() else package.parents[1] / "configs")


def run_hydra(task: Callable[[DictConfig], None], config_name: str, arguments: list[str]) -> int:
    """Run ``task`` under Hydra with these command-line arguments; errors come out as ours.

    An expected error is kept until Hydra is done, since Hydra would print a line of its own about it.
    """
    failures: list[StanceError] = []

    def run(config: DictConfig) -> None:
        try:
            with config_errors():
                task(config)
        except StanceError as error:
            if failures:  # the first is raised in the end
                log.error("stance: %s", error)
            failures.append(error)

    # Under these names Hydra logs and reports; its own error pages are replaced by our sentences.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    sweep = {"-m", "--multirun"} & set(arguments)  # which Hydra takes before the settings only
    sys.argv = [f"stance {config_name}", *sorted(sweep), *(a for a in arguments if a not in sweep)]
    with config_errors():
        hydra.main(version_base="1.3", config_path=config_dir(), config_name=config_name)(run)()
    if failures:
        raise failures[0]
    return 0


def compose(config_name: str, overrides: list[str]) -> DictConfig:
    """The configuration of a command that is no Hydra command, and leaves no output folder behind."""
    with config_errors(f"configs/{config_name}.yaml"), hydra.initialize_config_dir(config_dir(), version_base="1.3"):
        composed: DictConfig = hydra.compose(config_name, overrides)
        return composed


@contextmanager
def config_errors(where: str = "`--cfg job`") -> Iterator[None]:
    """Errors of Hydra's as ours; ``where`` the settings can be looked up."""
    try:
        yield
    except MissingMandatoryValue as error:
        raise ConfigError(f"A setting is missing: {error.full_key}; give it as {error.full_key}=VALUE.") from error
    except InstantiationException as error:
        if isinstance(error.__cause__, StanceError):
            raise error.__cause__ from error
        raise ConfigError(f"The configuration does not fit: {_folded(error.__cause__ or error)}.") from error
    except MissingConfigException as error:
        there = f"; there are {', '.join(error.options)}" if error.options else ""
        raise ConfigError(f"There is no {error.missing_cfg_file}{there}.") from error
    except ConfigCompositionException as error:
        named = re.match(r"Could not override '(.+)'", str(error))
        said = f"there is no setting {named[1]!r}; {where} shows those there are" if named else _folded(error)
        raise ConfigError(f"The settings do not fit: {said}.") from error
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(f"The settings do not fit: {_folded(error)}.") from error


def _folded(error: BaseException) -> str:
    """The first lines of a message, without Hydra's hints, as part of one sentence."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("To append", "full_key:", "object_type=", "See https"))]
    return ", ".join(line.rstrip(".:;") for line in kept[:2])


def build(config: Any, allowed: tuple[str, ...] = ()) -> Any:
    """The object that ``config`` describes; targets outside sklearn and stance must be ``allowed`` by name."""
    check_targets(config, allowed)
    return _with_tuples(instantiate(config, _convert_="all"))


def check_targets(config: Any, allowed: tuple[str, ...] = ()) -> None:
    """Refuse a target unless it is a public estimator or splitter of scikit-learn's, one of ours, or ``allowed``."""
    for target in _targets(config):
        if target not in allowed and target not in _OURS and not _is_public_part(target):
            raise ConfigError(
                f"{target!r} is neither an estimator or splitter of scikit-learn's nor one of stance's; "
                f"if you trust it, add allow_targets=[{target}]."
            )


def _is_public_part(target: str) -> bool:
    if not target.startswith("sklearn.") or "._" in target:
        return False
    module, _, name = target.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"There is no {target!r} in scikit-learn; check its spelling.") from error
    return (
        inspect.isclass(found)
        and found.__module__.startswith("sklearn.")
        and (issubclass(found, BaseEstimator) or hasattr(found, "split"))
    )


def _targets(config: Any) -> Iterator[str]:
    if isinstance(config, DictConfig):
        for key in config:
            if key == "_target_":
                yield str(config[key])
            elif not OmegaConf.is_missing(config, key):
                yield from _targets(config[key])
    elif isinstance(config, ListConfig):
        for item in config:
            yield from _targets(item)


def _with_tuples(built: Any) -> Any:
    """Make a tuple of each list that YAML gave a scikit-learn object where its default is a tuple (``ngram_range``)."""
    if not hasattr(built, "get_params"):
        return built
    for name, parameter in inspect.signature(type(built)).parameters.items():
        value = built.get_params(deep=False).get(name)
        if isinstance(parameter.default, tuple) and isinstance(value, list):
            built.set_params(**{name: tuple(value)})
    for _, part in getattr(built, "transformer_list", ()):
        _with_tuples(part)
    if hasattr(built, "transformer_list"):
        built.transformer_list = [tuple(entry) for entry in built.transformer_list]
    return built


def resolved(config: DictConfig, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The configuration as plain data, interpolations resolved, ``without`` keys that say only where things go."""
    plain = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items() if key not in without}
