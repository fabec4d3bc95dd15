"""How a spreadsheet names its cells."""


def letters(column: int) -> str:
    """A column, counted from 1, as a spreadsheet names it: B."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shown(row: int, column: int) -> str:
    """A cell as a spreadsheet names it: B7."""
    return f"{letters(column)}{row}"
