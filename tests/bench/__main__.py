"""`make bench`: short by default; BENCH_SCALE=5 runs five times as many orders. BASE=<commit> compares with it."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.bench import accept, attack, later_start, orders, preview, refunds, returns, silent, tasks, versus
from tests.bench.stage import stage

SCALE = float(os.environ.get("BENCH_SCALE", "1"))
REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
Table = list[tuple[str, ...]]


def main() -> None:
    if base := os.environ.get("BASE"):
        print(versus.measure(base))
    else:
        measure()


def measure() -> None:
    with stage() as here:
        accepted: Table = list(accept.measure(here, seconds=6 * SCALE))
        attacked: Table = list(attack.measure(here, int(200 * SCALE)))
        worked: Table = [tasks.measure(here, instances=int(200 * SCALE))]
        previewed: Table = [preview.measure(here, int(100 * SCALE))]
        of_refunds: Table = refunds.previews(here, int(50 * SCALE))
        here.shop.system.start("api")
        orders.throughput(here, int(30 * SCALE))
        half_life = orders.latency(here, int(100 * SCALE))
        ours, bare = orders.in_turns(here, int(100 * SCALE))
        given_back = refunds.rate(here, int(100 * SCALE))
        taken_back = returns.rate(here, int(100 * SCALE))
        silenced: Table = list(silent.measure(here, int(40 * SCALE)))
    ratio = f"{ours.per_second / bare.per_second:.2f}"
    completed: Table = [("completed orders", f"{ours.per_second:.1f}/s", f"{bare.per_second:.1f}/s", ratio)]
    of_orders = f"{ours.per_second:.1f}/s", f"{given_back / ours.per_second:.2f}"
    paid_back: Table = [("refunds paid", f"{given_back:.1f}/s", *of_orders)]
    of_orders = f"{ours.per_second:.1f}/s", f"{taken_back / ours.per_second:.2f}"
    came_back: Table = [("returns completed", f"{taken_back:.1f}/s", *of_orders)]
    columns = "with the table", "without an engine", "order document", "ratio without"
    text = "\n\n".join(
        [
            _head(),
            _table(("(a) orders accepted", "ours", "store only", "ratio"), accepted),
            _table(("(b) runtime", "ours", "bare fetch and complete", "ratio"), worked),
            _table(("(c) placed → completed, zero delays", "p50", "p99"), [("one order each half second", *half_life)]),
            _table(("(d) whole orders of one item", "ours", "bare script", "ratio"), completed),
            _table(("(e) until everything is up", "median of three"), [later_start.measure()]),
            _table(("(f) preview of a cancellation", "p50", "p99", "order document, p50", "ratio"), previewed),
            _table(("(g) preview of a refund, p50", *columns), of_refunds),
            _table(("(h) refunds", "ours", "whole orders", "ratio"), paid_back),
            _table(("(i) returns", "ours", "whole orders", "ratio"), came_back),
            _table(("(j) reading an order, p95", "beside the attack", "before", "ratio"), attacked),
            _table(("(k) parcel left → completed, p95", "beside the silence", "before", "ratio"), silenced),
            _table(("CPU ms per completed order", "ours", "bare script"), _cpu_rows(ours.cpu, bare.cpu)),
        ]
    )
    print(text)
    REPORT.write_text(f"# Benchmarks\n\n{text}\n", encoding="utf-8")


def _head() -> str:
    memory = psutil.virtual_memory().total // 2**30
    return (
        f"`make bench` (BENCH_SCALE={SCALE:g}) on {datetime.now(UTC):%Y-%m-%d}: {psutil.cpu_count()} CPUs, "
        f"{memory} GiB, {platform.system()}, Python {platform.python_version()}. "
        "Database, engine, service and load share the machine, so the ratios say more than the rates. "
        "Each reference is measured in the same run."
    )


def _cpu_rows(ours: dict[str, float], bare: dict[str, float]) -> Table:
    names = [*ours, *(name for name in bare if name not in ours)]
    return [(name, _ms(ours.get(name)), _ms(bare.get(name))) for name in names]


def _ms(number: float | None) -> str:
    return "–" if number is None else f"{number:.0f}"


def _table(head: tuple[str, ...], rows: Table) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
