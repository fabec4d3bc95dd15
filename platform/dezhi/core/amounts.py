"""How amounts are said in sentences, in whatever language they are shown."""

from dezhi.core.text import N_, Phrase, counted, phrase


def points(number: int) -> Phrase:
    """Return so many points: `5分`."""
    return counted("%(n)s分", number)


def times(number: int) -> Phrase:
    """Return how often: `3次`."""
    return counted("%(n)s次", number)


def duration(minutes: int) -> Phrase:
    """Return whole minutes as people say them: 90 is `1小时30分`, 30 is `30分钟`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return counted("%(n)s分钟", rest)
    if not rest:
        return counted("%(n)s小时", hours)
    return phrase(N_("%(hours)s小时%(minutes)s分"), hours=hours, minutes=rest)
