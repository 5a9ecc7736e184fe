"""The rules of the model linter, one file for each thing a designer draws. A rule only reads; it owns no names."""
