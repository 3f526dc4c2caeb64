"""``stance COMMAND``: finds the command, and turns failures into one sentence and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from collections.abc import Sequence

from stance import __version__
from stance.errors import StanceError

COMMANDS = {
    "fetch": "bring the documents of a corpus that is published elsewhere",
    "label": "documents → labelled sentences (gold, or weak labels from cues)",
    "weak": "what each cue is worth as a labelling function",
    "train": "labelled sentences → a saved model with its report",
    "evaluate": "a saved model on any labelled corpus → a report",
    "compare": "two models, or a model and a baseline, on the same sentences",
    "predict": "documents → sentences with speaker, stance and score",
    "agreement": "how far two readers agree: the ceiling of every figure",
    "attribution": "how well speakers are found, against gold",
    "models": "list, show, verify or export saved models",
}

USAGE = "\n".join(
    [
        "usage: stance COMMAND ...",
        "",
        *(f"  {name:<13}{what}" for name, what in COMMANDS.items()),
        "",
        "label, weak, train, evaluate, compare take key=value settings, which",
        "`stance train --cfg job` shows; the others take options: `stance fetch --help`",
    ]
)

_ERROR, _USAGE, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit codes are 0 ok, 2 usage or config, 3 data, 4 artifact, 5 quality gate, 130
    interrupted, 1 anything else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        print(USAGE, file=sys.stdout if given else sys.stderr)
        return 0 if given else _USAGE
    if given[0] == "--version":
        print(f"stance {__version__}")
        return 0
    if given[0] not in COMMANDS:
        return _fail(f"There is no command {given[0]!r}; the commands are {', '.join(COMMANDS)}.", _USAGE)
    return _run(given[0], given[1:])


def _run(command: str, arguments: list[str]) -> int:
    warnings.showwarning = _warn
    try:
        code: int = importlib.import_module(f"stance.cli.{command}").run(arguments)
        sys.stdout.flush()
        return code
    except StanceError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt as interrupt:  # a bulk job says how far it came
        return _fail(str(interrupt) or "Interrupted; nothing half-written was left behind.", _INTERRUPTED)
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(f"{error.filename or 'The output'} cannot be used: {error.strerror or error}.", _ERROR)
    except Exception as error:
        if os.environ.get("STANCE_TRACEBACK"):
            raise
        what = " ".join(str(error).split()) or type(error).__name__
        return _fail(f"Unexpected {type(error).__name__}: {what} (STANCE_TRACEBACK=1 shows where).", _ERROR)


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    print(f"stance: warning: {' '.join(str(message).split())}", file=sys.stderr)


def _fail(message: str, code: int) -> int:
    print(f"stance: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
