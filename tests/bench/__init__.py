"""`make bench`: speed as ratios against a reference measured in the same run, on the same database and engine."""
