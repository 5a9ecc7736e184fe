"""`make mutants` counts the changes that unit tests catch, and lists the others."""

from tests.mutants import Change, change_of, function_of, percent, report

DIFF = """--- order_api/core/money.py
+++ order_api/core/money.py
@@ -1,2 +1,2 @@
 def add(a, b):
-    return a + b
+    return a - b
"""
ADD = Change("order_api.core.money.add", "return a + b", "return a - b")


def test_a_change_is_identified_by_its_function_and_its_lines() -> None:
    assert change_of("order_api.core.money.x_add__mutmut_1", DIFF) == ADD


def test_a_change_of_a_method_is_named_with_its_class() -> None:
    assert function_of("a.b.xǁReaderǁ_read__mutmut_12") == "a.b.Reader._read"
    assert function_of("a.b.x__read__mutmut_12") == "a.b._read"


def test_a_change_that_no_test_reaches_counts_as_one_that_survived() -> None:
    assert percent({"a": "killed", "b": "no tests", "c": "survived", "d": "timeout"}) == 50


def test_the_share_that_is_caught_is_rounded_down() -> None:
    assert percent({str(number): "killed" if number < 1899 else "survived" for number in range(2000)}) == 94.9


def test_a_survivor_is_reported_with_its_listed_reason() -> None:
    assert "\n  It adds nothing." in report({"a": "survived"}, [ADD], {ADD: "It adds nothing."})
    assert "\n  No unit test notices." in report({"a": "survived"}, [ADD], {})


def test_a_listed_change_that_a_test_notices_is_reported() -> None:
    assert "did not survive" in report({"a": "killed"}, [], {ADD: "It adds nothing."})
