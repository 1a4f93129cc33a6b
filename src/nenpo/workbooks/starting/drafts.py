"""The items of a list → the tables of a plan."""

import re
from dataclasses import dataclass, field

from nenpo.workbooks.starting.entries import Entry, read_scope, read_title
from nenpo.workbooks.starting.grid import Text
from nenpo.workbooks.starting.guesses import Guesses
from nenpo.workbooks.starting.indicators import Indicators
from nenpo.workbooks.starting.names import (
    find_unit,
    fold_name,
    is_generic,
    split_departments,
    split_label,
)
from nenpo.workbooks.starting.own_columns import is_unsaid, read_own_columns
from nenpo.workbooks.starting.scale import Scale, holds_two_marks

Cells = dict[str, str]
# In a table of years, a sign or an arrow stands for a year in which something is done.
_CARRIED_OUT = re.compile(r"[○〇◯●◎■★→⇒➡⟶―ー－\-=＝>＞]*[○〇◯●◎■★→⇒➡⟶]")
_ACTORS = {
    "国": "nation",
    "県": "prefecture",
    "都": "metropolis",
    "府": "prefecture",
    "道": "prefecture",
}


@dataclass
class Draft:
    """What becomes of a list: rows by table, goals, who acts beside the municipality itself."""

    fiscal_year: int
    last_year: int
    guesses: Guesses
    goals: list[tuple[str, str, str]] = field(default_factory=list)
    measures: list[Cells] = field(default_factory=list)
    items: list[Cells] = field(default_factory=list)
    departments: list[Cells] = field(default_factory=list)
    assignments: list[Cells] = field(default_factory=list)
    progress: list[Cells] = field(default_factory=list)
    sheets: list[Cells] = field(default_factory=list)
    schedule: list[Cells] = field(default_factory=list)
    indicators: Indicators = field(default_factory=Indicators)
    actors: dict[str, str] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)
    _known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def add_item(self, entry: Entry, scale: Scale | None, sheet_says: tuple[str, str]) -> None:
        """Add an item; ``sheet_says`` is what the name of its sheet stands for, and the name."""
        key = f"i{len(self.items) + 1:03}"
        printed = entry.grid.check(entry.title, entry.told["title"][0].heading.label)
        title, scope, again = read_title(printed)
        goal, measure = self._place(entry, sheet_says)
        number = entry.find("number")
        actor = self._assign(entry, key, sheet_says)
        self.items.append(
            {
                "item": key,
                "measure": measure or goal,
                "label": re.sub(r"\s*\n\s*", "-", entry.read("number")) if number else "",
                "title": title,
                "scope": scope or read_scope(entry.read("scope")),
                "actor": actor,
                "relisted_from": "再掲" if again else "",
            }
        )
        self._report(entry, key, scale)
        for told in entry.told.get("content", ()):
            text = entry.grid.check(told.text, told.heading.label)
            self.sheets.append({"subject": key, "aspect": "content", "text": text})
        for told in entry.told.get("planned", ()):
            text = "実施" if _CARRIED_OUT.fullmatch(told.text.text) else told.check(entry.grid)
            year = str(told.heading.year or self.fiscal_year)
            step = {"item": key, "first_year": year, "last_year": year, "text": text, "note": ""}
            if not is_unsaid(text) and step not in self.schedule:
                self.schedule.append(step)
        if entry.find("indicator"):
            for part in entry.split_rows("indicator", ("unit", "baseline", "target", "value")):
                self.add_indicator(part, goal, key)

    def add_indicator(self, entry: Entry, goal: str = "", item: str = "") -> None:
        """Add an indicator that stands beside an item, or in a table of its own."""
        name = entry.read("indicator").replace("\n", " ")
        if is_unsaid(name):
            return
        goal = goal or self._place_indicator(entry)
        key = self.indicators.add(entry, name, goal, self.fiscal_year, self.last_year)
        if not key and item:
            self.sheets.append({"subject": item, "aspect": "indicator", "text": name})
        elif key and item:
            led = [row for row in self.assignments if row["item"] == item and row["role"] == "lead"]
            self.assignments += [{**row, "item": key} for row in led]
        elif key:
            self._assign(entry, key, ("", ""))

    def _place_indicator(self, entry: Entry) -> str:
        """Return the goal of an indicator beside no item: the first one, if none is told."""
        if entry.find("goal") or entry.section or not self.goals:
            return self._place(entry, ("", ""))[0]
        ja, en = "指標の目標は「{}」とした", "its indicators were put under goal '{}'"
        self.guesses.look(entry.grid.name, ja, en, self.goals[0][2] or self.goals[0][1])
        return self.goals[0][0]

    def _place(self, entry: Entry, sheet_says: tuple[str, str]) -> tuple[str, str]:
        """Return the ids of an item's goal and measure, "" for no measure."""
        sections = list(entry.section)
        goal, measure = entry.find("goal"), entry.find("measure") or entry.find("policy")
        if goal is None and sections:
            goal = sections.pop(0)
        if measure is None and sections:
            measure = sections.pop()
        named = goal.text if goal else (sheet_says[1] if sheet_says[0] == "goal" else "")
        goal_id = self._find_goal(entry, named, goal)
        if measure is None or measure == goal:
            return goal_id, ""
        key = ("measure", goal_id, fold_name(measure.text))
        if key not in self._known:
            self._known[key] = f"m{len(self.measures) + 1:02}"
            label, title = split_label(entry.grid.check(measure, "施策"))
            self.measures.append(
                {
                    "measure": self._known[key],
                    "label": label,
                    "goal": goal_id,
                    "policy": f"p{goal_id[1:]}",
                    "title": title,
                }
            )
        return goal_id, self._known[key]

    def _find_goal(self, entry: Entry, named: str, text: Text | None) -> str:
        key = ("goal", fold_name(named))
        if key not in self._known:
            self._known[key] = f"g{len(self.goals) + 1}"
            shown = entry.grid.check(text, "目標") if text else named
            self.goals.append((self._known[key], *split_label(shown)))
        return self._known[key]

    def _assign(self, entry: Entry, key: str, sheet_says: tuple[str, str]) -> str:
        """Add who is in charge; return who carries it out."""
        named = [
            (each, told.text)
            for meaning, role in (("department", "lead"), ("supporting", "supporting"))
            for told in entry.told.get(meaning, ())
            for each in split_departments(entry.grid.check(told.text, told.heading.label), role)
            if not is_unsaid(each.name)
        ]
        if not named and sheet_says[0] == "department":
            named = [(each, entry.title) for each in split_departments(sheet_says[1])]
        division = entry.read("division") or (sheet_says[1] if sheet_says[0] == "division" else "")
        actor = "ward"
        for n, (each, text) in enumerate(named):
            if each.name in _ACTORS:
                actor = _ACTORS[each.name] if each.role == "lead" else actor
                self.actors.setdefault(_ACTORS[each.name], each.name)
                continue
            # The division beside several departments is that of the first one.
            above = each.division or (division if n == 0 else "")
            department = self._find_department(each.name, above, text)
            row = {
                "item": key,
                "department": department,
                "role": each.role,
                "qualifier": each.qualifier,
                "as_printed": "",
            }
            same = [
                r for r in self.assignments if (r["item"], r["department"]) == (key, department)
            ]
            if not same:
                self.assignments.append(row)
        others = [
            each.name for each, _ in named if each.name not in _ACTORS and each.role == "lead"
        ]
        return actor if not others else "ward"

    def _find_department(self, name: str, division: str, text: Text) -> str:
        key = ("department", fold_name(name))
        if key not in self._known:
            self._known[key] = f"d{len(self.departments) + 1:02}"
            kind = "generic" if is_generic(name) else "bureau" if name[-1] in "部局" else "section"
            self.departments.append(
                {
                    "department": self._known[key],
                    "name": name,
                    "division": division.replace("\n", ""),
                    "kind": kind,
                    "order": str(10 * (len(self.departments) + 1)),
                    "aliases": "",
                    "note": "",
                }
            )
            if not find_unit(name) and kind != "generic":
                ja, en = "「{}」を部署の名とみた", "'{}' was taken as the name of a department"
                self.guesses.look(text.place, ja, en, name)
        row = next(r for r in self.departments if r["department"] == self._known[key])
        row["division"] = row["division"] or division.replace("\n", "")
        if name not in (row["name"], *row["aliases"].split("|")):
            row["aliases"] = "|".join(filter(None, [row["aliases"], name]))
            ja, en = "「{}」と「{}」は同じ部署とみた", "'{}' and '{}' were taken as one department"
            self.guesses.guess(text.place, ja, en, row["name"], name)
        return self._known[key]

    def _report(self, entry: Entry, key: str, scale: Scale | None) -> None:
        texts = {name: entry.read(name) for name in ("change_reason", "done", "next_year", "later")}
        texts |= {name: entry.read(name) for name in ("issues", "note")}
        texts = {name: "" if is_unsaid(text) else text for name, text in texts.items()}
        status, mark = entry.read("status"), ""
        if scale and holds_two_marks(status):
            text = entry.told["status"][0].text
            ja, en = (
                "「{}」は記号が二つあるので、未報告とした",
                "'{}' holds two marks: taken as not reported",
            )
            self.guesses.warn(text.place, ja, en, status.replace("\n", " "))
        elif scale and status in scale.read:
            mark, rest = scale.read[status]
            texts["change_reason"] = "\n".join(filter(None, [texts["change_reason"], rest]))
        elif status and not scale and not texts["done"]:
            texts["done"] = status
        elif status and not is_unsaid(status):
            label = entry.told["status"][0].heading.label
            texts["note"] = "\n".join(filter(None, [texts["note"], f"{label}：{status}"]))
        own = read_own_columns(entry)
        self.columns |= own.keys()
        self.progress.append(
            {"item": key, "status": mark, "shift": _read_shift(entry, mark, scale), **texts, **own}
        )


def _read_shift(entry: Entry, mark: str, scale: Scale | None) -> str:
    """Return in which direction a change went, as the mark or a column of its own says it."""
    found = next((each for each in scale.marks if each.mark == mark), None) if scale else None
    if found is None or found.tone != "neutral":
        return ""
    told = found.label + entry.read("shift")
    if "前倒" in told:
        return "ahead"
    return "behind" if re.search(r"後ろ?倒|先送|延期|遅", told) else ""
