"""Garbage is collected in the window's thread, and nowhere else."""

import gc
import threading
import weakref

from biobreath.app.tidying import Tidying


class Knot:
    """Something that only the garbage collector can take away."""

    def __init__(self):
        self.itself = self


def test_garbage_waits_for_the_windows_thread(qapp):  # noqa: ARG001
    tidying = Tidying()
    try:
        knot = Knot()
        gone = threading.Event()
        weakref.finalize(knot, gone.set)
        del knot

        def much_work():
            for _ in range(200_000):
                [object()]

        thread = threading.Thread(target=much_work)
        thread.start()
        thread.join()
        assert not gone.is_set()
        tidying._young()
        assert gone.is_set()
    finally:
        tidying.stop()
    assert gc.isenabled()


def test_what_was_there_before_is_not_looked_at_again(qapp):  # noqa: ARG001
    tidying = Tidying()
    frozen = gc.get_freeze_count()
    tidying.all_of_it()
    tidying.stop()
    assert frozen > 10_000
    assert gc.get_freeze_count() == 0


def test_what_was_loaded_later_can_be_left_alone_too(qapp):  # noqa: ARG001
    tidying = Tidying()
    try:
        kept = [Knot() for _ in range(500)]
        frozen = gc.get_freeze_count()
        tidying.leave_alone()
        assert gc.get_freeze_count() >= frozen + len(kept)
    finally:
        tidying.stop()
