"""`python -m dezhi` is the command `dezhi`."""

from dezhi.cli import main

main()
