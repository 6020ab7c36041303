"""What the reader costs, however long the file."""

import subprocess
import sys
import time
from pathlib import Path

from complaints.intake.reading import open_export

ROOT = Path(__file__).resolve().parents[4]
HEADER = "Complaint ID,Date received,Product,Issue,Consumer complaint narrative,Company,ZIP code,Submitted via,Tags\n"
MEASURE = """
import sys
from pathlib import Path
from complaints.intake.reading import open_export
count = sum(1 for _ in open_export(sys.argv[1]))
status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
print(count, int(status["VmHWM"].split()[0]) // 1024)
"""


def an_export(path: Path, rows: int) -> Path:
    words = "They charged me twice, and nobody answers. " * 12
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(rows):
            day = f"2020-{number % 12 + 1:02}-{number % 28 + 1:02}"
            file.write(f'{number},{day},Loan {number},Fees,"{words}\n{number}",Bank,00501,Web,N/A\n')
    return path


def cost(path: Path) -> tuple[int, int]:
    """Rows, and megabytes at the peak of a process that does nothing else (ru_maxrss would remember its parent's)."""
    command = [sys.executable, "-c", MEASURE, str(path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    count, peak = map(int, told.stdout.split())
    return count, peak


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    _, small = cost(an_export(tmp_path / "small.csv", 5_000))
    count, large = cost(an_export(tmp_path / "large.csv", 100_000))
    assert count == 100_000
    assert large < 100
    assert large - small < 20


def test_memory_is_bounded_where_a_line_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + '1,2020-03-18,Loan,Fees,"')
        for _ in range(150):
            file.write("x" * 1_000_000)
    count, peak = cost(path)
    assert count == 1
    assert peak < 200


def test_it_is_fast_enough_not_to_be_the_slow_part(shared_data: Path) -> None:
    path = shared_data / "complaints" / "cfpb_2015_2020_sample_asdownloaded.csv"

    def rate() -> float:
        began = time.process_time()
        count = sum(1 for _ in open_export(path))
        return count / (time.process_time() - began)

    # Processor time, and a floor well below what it does, so that a busy machine does not fail the suite.
    assert max(rate() for _ in range(3)) > 15_000
