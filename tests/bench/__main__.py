"""`make bench`: short by default; BENCH_SCALE=5 takes five times as many."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.bench import accept, orders, tasks
from tests.bench.stage import stage

SCALE = float(os.environ.get("BENCH_SCALE", "1"))
REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
Table = list[tuple[str, ...]]


def main() -> None:
    with stage() as here:
        accepted: Table = list(accept.measure(here, seconds=6 * SCALE))
        worked: Table = [tasks.measure(here, instances=int(200 * SCALE))]
        here.shop.system.start()
        orders.throughput(here, int(30 * SCALE))
        half_life = orders.latency(here, int(30 * SCALE))
        ours, ours_cpu = orders.throughput(here, int(120 * SCALE))
        here.shop.system.stop_all()
        bare, bare_cpu = orders.bare_throughput(here, int(120 * SCALE))
    completed: Table = [("completed orders", f"{ours:.1f}/s", f"{bare:.1f}/s", f"{ours / bare:.2f}")]
    text = "\n\n".join(
        [
            _head(),
            _table(("(a) orders accepted", "ours", "store only", "ratio"), accepted),
            _table(("(b) runtime", "ours", "bare fetch and complete", "ratio"), worked),
            _table(("(c) placed → completed, zero delays", "p50", "p99"), [("one order each half second", *half_life)]),
            _table(("(d) whole orders of one item", "ours", "bare script", "ratio"), completed),
            _table(("CPU ms per completed order", "ours", "bare script"), _cpu_rows(ours_cpu, bare_cpu)),
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
    return [(name, f"{ms:.0f}", f"{bare[name]:.0f}" if name in bare else "–") for name, ms in ours.items()]


def _table(head: tuple[str, ...], rows: Table) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
