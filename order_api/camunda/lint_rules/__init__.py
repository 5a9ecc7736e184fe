"""The rules of the model linter, one file for each kind of thing a designer draws.

Rules take the valid names from `Contract` and `camunda/names.py`.
"""
