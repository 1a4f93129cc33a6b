"""An invented project of one notebook, which does what its parameter ``action`` says."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nenpo.build.briefing import Briefing

HEAD = """\
from nenpo.content.display import Facts, Head, Sentences
Head(
    kind="department", title=f"{department}の報告", subtitle="", municipality="見本市", plan="plan",
    plan_title="見本計画", fiscal_year=fiscal_year, department=department,
    fiscal_year_label=f"令和{fiscal_year - 2018}年度",
    document_number="", reported_to="", prepared_by="", contact="", as_of="2022-03-31",
    as_of_label="令和4年3月31日", issued="2022-06-01", issued_label="令和4年6月1日", state="final",
    revision=1, handling="", sample_notice="", attach_data=False,
)"""
DEFAULTS = "action = ''\ndepartment = ''\nfiscal_year = 2021"
ACTION_CELL = 5
PAGES = "nenpo.site.overview:render_overview"


def write_project(root: Path) -> Path:
    """Write the project; cell 5 of its notebook (3 is injected) executes ``action``."""
    for folder in ("data", "params", "notebooks"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    cells = [
        new_markdown_cell("# 報告", id="a"),
        new_code_cell(DEFAULTS, id="b", metadata={"tags": ["parameters"]}),
        new_code_cell(HEAD, id="c"),
        new_code_cell("exec(action)", id="d"),
        new_markdown_cell("## 内容", id="e"),
        new_code_cell("Sentences((f'{department}の取組である。',))", id="f"),
        new_code_cell("Facts({'department': department})", id="g"),
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, root / "notebooks" / "department.ipynb")
    return root


def ask_for(department: str, action: str = "", fiscal_year: int = 2021) -> Briefing:
    """Return a briefing of that project."""
    parameters = {"department": department, "action": action, "fiscal_year": fiscal_year}
    return Briefing("plan", fiscal_year, "department", department, parameters)


def read_files(output: Path) -> dict[str, bytes]:
    """Return every published file, without the lock and the receipts."""
    files = [path.relative_to(output) for path in output.rglob("*") if path.is_file()]
    shown = sorted(path for path in files if not path.parts[0].startswith("."))
    return {path.as_posix(): (output / path).read_bytes() for path in shown}


def is_alive(pid: int) -> bool:
    """Return whether a process runs; a dead one that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
