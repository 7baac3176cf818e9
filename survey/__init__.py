"""Góp Ý's web service: hosts the forms, keeps the answers, shows the results."""

__version__ = "0.1.0"
