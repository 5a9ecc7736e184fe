"""The rules of the model linter, one file for each kind of thing a designer draws. Rules define no names."""
