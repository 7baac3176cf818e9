"""`python -m survey` is the same as `gopy`."""

from survey.cli import main

main()
