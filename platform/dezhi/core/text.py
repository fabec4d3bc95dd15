"""Marking of Chinese texts which are translated only when they are shown."""


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Return the text unchanged; the extractor of message catalogues finds it by this call.

    The text is the message's id, in Simplified Chinese, with `%(name)s` placeholders.
    """
    return text
