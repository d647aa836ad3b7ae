"""The command line: a thin shell around the library.

Nothing below this package prints. What a command needs is imported when it runs, so that ``--version`` and
``--help`` answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from shlex import quote
from typing import Any

import rich_click as click
from click.exceptions import Abort, ClickException, Exit

from focus_validate import __version__
from focus_validate.cli import terminal
from focus_validate.cli.audit import audit
from focus_validate.cli.bundle import check_bundle
from focus_validate.cli.catalogue import columns, explain, flags, report_schema, rules
from focus_validate.cli.check import check
from focus_validate.cli.close_pack import close_pack
from focus_validate.cli.sql import sql
from focus_validate.errors import FocusValidateError
from focus_validate.text import escape, first_line

INTERRUPTED, INTERNAL = 130, 3
PROGRAM = "focus-validate"
DEBUG_VARIABLE = "FOCUS_VALIDATE_DEBUG"
COMPLETION_VARIABLE = "_FOCUS_VALIDATE_COMPLETE"

EXIT_CODES = (
    "Exit codes: 0 no MUST rule failed; 1 at least one failed (with --fail-on warn: or warned); "
    "2 the input or the arguments could not be used; 3 internal error; 130 interrupted."
)


class _Commands(click.RichGroup):
    """Lists its commands in the order in which people need them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and os.path.exists(args[0]):
            raise click.UsageError(f"'{args[0]}' is a file: {PROGRAM} check {quote(args[0])}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, "-V", "--version", message="focus-validate %(version)s")
@click.option("--debug", is_flag=True, help=f"Show the trace of an internal error (also {DEBUG_VARIABLE}=1).")
def cli(debug: bool) -> None:
    """Check billing data against FOCUS 1.4, column by column."""
    if debug:
        os.environ[DEBUG_VARIABLE] = "1"


for command in (check, check_bundle, sql, close_pack, audit, explain, rules, columns, flags, report_schema):
    cli.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line with ``arguments`` (default: those of the process) and give its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if COMPLETION_VARIABLE in os.environ:
        cli.main(prog_name=PROGRAM, complete_var=COMPLETION_VARIABLE)
    try:
        with cli.make_context(PROGRAM, arguments) as context:
            code = cli.invoke(context)
        terminal.flush()
    except (KeyboardInterrupt, Abort):
        return _complain("interrupted, nothing was written", INTERRUPTED)
    except Exit as exit_:
        return exit_.exit_code
    except ClickException as error:
        return _complain(_usage(error), error.exit_code)
    except FocusValidateError as error:
        return _complain(str(error), error.exit_code)
    except BrokenPipeError:
        terminal.discard_output()
        return 0
    except MemoryError:
        return _complain("out of memory: lower --memory-limit or check fewer files at once", 2)
    except Exception as error:
        if _caused_by_interrupt(error):
            return _complain("interrupted, nothing was written", INTERRUPTED)
        return _internal_error(error)
    return code if isinstance(code, int) else 0


def _caused_by_interrupt(error: Exception) -> bool:
    """Whether Ctrl-C is behind an error: inside a query the engine's library wraps it in one of its own."""
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def _usage(error: ClickException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context else ""
    return error.format_message() + hint


def _internal_error(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        traceback.print_exc()
    return _complain(
        f"internal error: {type(error).__name__}: {first_line(error)}. This is a fault of focus-validate "
        f"{__version__}, not of your data: please report it together with what `focus-validate --debug ...` "
        "prints",
        INTERNAL,
    )


def _complain(message: str, code: int) -> int:
    terminal.note(f"{PROGRAM}: {escape(' '.join(message.split()))}")
    return code
