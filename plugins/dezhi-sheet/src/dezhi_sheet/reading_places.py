"""How a spreadsheet names its cells."""


def shown(row: int, column: int) -> str:
    """A cell as a spreadsheet names it: B7."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
