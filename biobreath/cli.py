"""The command line: every verb that needs no window, and the door to the window."""

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from biobreath import __version__
from biobreath.commands.output import CannotDo, WrongUse, complain


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; exit code 0, 1 (could not do it) or 2 (wrong usage)."""
    # Whatever is written is for this person's eyes alone.
    os.umask(0o077)
    # Our sums are small: threads that wait for each other would cost more than they spare, and
    # a window that waits for them does not paint. Read once, when numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        # Windows writes in an old code page where the output is not a terminal; None in a window.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Trouble is told in sentences; without this, what is logged would stand between them.
    logging.getLogger().addHandler(logging.NullHandler())
    asked = _parser().parse_args(arguments)
    try:
        return _do(asked)
    except CannotDo as trouble:
        complain(str(trouble))
        return 1
    except WrongUse as trouble:
        complain(str(trouble))
        return 2
    except (BrokenPipeError, KeyboardInterrupt):
        return 1


def _do(asked: argparse.Namespace) -> int:
    match asked.verb:
        case None:
            return _window(asked)
        case "monitor":
            from biobreath.commands import monitor

            return monitor.run(
                monitor.Wish(
                    asked.source,
                    asked.pace,
                    asked.seconds,
                    asked.speed,
                    asked.json,
                    asked.record,
                    asked.ecg,
                )
            )
        case "analyze":
            from biobreath.commands import analyze

            return analyze.run(
                asked.file,
                as_json=asked.json,
                beats=asked.beats,
                raw=asked.raw,
                with_trend=asked.trend,
            )
        case "assess":
            from biobreath.commands import assess

            return assess.run(asked.source, asked.protocol, as_json=asked.json)
        case "sessions":
            from biobreath.commands import sittings

            return sittings.run(as_json=asked.json)
        case "export":
            from biobreath.commands import export

            words = not asked.without_words
            return export.run(asked.session, asked.format, asked.output, with_words=words)
        case "import":
            from biobreath.commands import import_sittings

            return import_sittings.run(asked.file)
        case "packs":
            from biobreath.commands import packs

            return packs.run(asked.path, as_json=asked.json)
        case "scan":
            from biobreath.commands import scan

            return scan.run(asked.seconds, as_json=asked.json)
        case _:
            from biobreath.commands import doctor

            return doctor.run(as_json=asked.json)


def _window(asked: argparse.Namespace) -> int:
    from biobreath.commands.doctor import bad_qt_pair
    from biobreath.system_libraries import window_trouble

    if trouble := bad_qt_pair():
        raise CannotDo(trouble)
    if trouble := window_trouble():
        if not asked.demo:
            raise CannotDo(trouble)
        from biobreath.commands import demo

        return demo.run(trouble, asked.quit_after or demo.SECONDS)
    from biobreath.app import run

    return run(demo=asked.demo, quit_after_s=asked.quit_after)


class _Parser(argparse.ArgumentParser):
    """Words that are no command are answered in one line, without all the others there are."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong, and end with the exit code of wrong usage."""
        complain(f"{self.prog}: {message} ({self.prog} --help tells more)")
        raise SystemExit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="biobreath",
        description="Practise slow breathing and see how the heart answers.",
        epilog="For wellness and learning. Not a medical device. Nothing leaves this computer.",
    )
    parser.add_argument("--version", action="version", version=f"biobreath {__version__}")
    parser.add_argument(
        "--demo", action="store_true", help="begin at once with the simulated heart"
    )
    parser.add_argument(
        "--quit-after", type=_seconds, metavar="SECONDS", help="close by itself after that time"
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    _add_monitor(verbs.add_parser("monitor", help="beats and numbers as they come"))
    analyze = verbs.add_parser("analyze", help="a whole record in numbers")
    analyze.add_argument("file", nargs="+", metavar="FILE", help="a recording or RR text file")
    _add_json(analyze)
    analyze.add_argument("--beats", action="store_true", help="list every interval's verdict too")
    analyze.add_argument("--raw", action="store_true", help="take every interval as it is")
    analyze.add_argument("--trend", action="store_true", help="five minutes at a time, too")
    assess = verbs.add_parser("assess", help="at which pace heart and breath go together")
    assess.add_argument(
        "source", metavar="SOURCE", help="a recording, session:ID or simulated:SEED"
    )
    assess.add_argument("--protocol", choices=("sliding", "stepped"), default="sliding")
    _add_json(assess)
    _add_json(verbs.add_parser("sessions", help="the sittings so far, newest first"))
    export = verbs.add_parser("export", help="one sitting as a file of its own")
    export.add_argument("session", type=_whole, metavar="SESSION", help="its number in sessions")
    export.add_argument("--format", choices=("biobreath", "rr"), default="biobreath")
    export.add_argument("--output", metavar="FILE", help="where to; a name of its own without")
    export.add_argument(
        "--without-words",
        action="store_true",
        help="leave out notes, words of one's own, and answers about oneself",
    )
    taken = verbs.add_parser("import", help="recordings from elsewhere become sittings")
    taken.add_argument("file", nargs="+", metavar="FILE", help="a .biobreath or RR text file")
    packs = verbs.add_parser("packs", help="practices as files").add_subparsers(
        dest="pack_verb", metavar="VERB", required=True
    )
    check = packs.add_parser("check", help="what is to be mended in a pack, or in a folder of them")
    check.add_argument("path", metavar="PATH")
    _add_json(check)
    scan = verbs.add_parser("scan", help="the straps in range")
    scan.add_argument(
        "--seconds", type=_seconds, default=12.0, metavar="N", help="how long to look"
    )
    _add_json(scan)
    _add_json(verbs.add_parser("doctor", help="what this computer has, and what is missing"))
    return parser


def _add_monitor(monitor: argparse.ArgumentParser) -> None:
    monitor.add_argument(
        "source",
        metavar="SOURCE",
        help="strap, strap:ADDRESS, simulated, simulated:SEED?day=flare, session:ID or a file",
    )
    monitor.add_argument(
        "--pace",
        type=_number,
        metavar="N",
        help="breaths a minute of the guide, 3 to 12; 0 is none",
    )
    monitor.add_argument("--seconds", type=_seconds, metavar="N", help="stop after that time")
    monitor.add_argument(
        "--speed", type=_number, default=1.0, metavar="X", help="1 real time, 0 as fast as it goes"
    )
    monitor.add_argument("--record", action="store_true", help="keep it as a sitting")
    monitor.add_argument("--ecg", action="store_true", help="also the ECG of a Polar H10")
    _add_json(monitor)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON value instead of words")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 0 on")
    return value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}” is not the number of a sitting")
    return int(text[:19])


def _seconds(text: str) -> float:
    value = _number(text)
    if value == 0:
        raise argparse.ArgumentTypeError("give a number of seconds above 0")
    return value
