"""What is said of a file that is no recording."""


class UnreadableRecording(ValueError):  # noqa: N818
    """There are no heartbeat intervals to be had from it; the text is one plain sentence."""
