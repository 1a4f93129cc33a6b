"""The items of a list → the tables of a plan."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nenpo.errors import Words
from nenpo.language.stated_dates import parse_stated_date
from nenpo.language.values import Value, parse_value
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
from nenpo.workbooks.starting.scale import Scale

Cells = dict[str, str]
_ACTORS = {
    "国": "nation",
    "県": "prefecture",
    "都": "metropolis",
    "府": "prefecture",
    "道": "prefecture",
}
_OWN = ("owner", "budget", "spent", "due", "risk")
_POST = re.compile(r".*(?:長|監|官|主査|主任|主幹|参事|担当)$")
_NOT_SAID = re.compile(r"[-‐‑–—―−─ー－ｰ/／]+|なし|特になし|特に無し|無|無し")


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
                "label": entry.read("number").replace("\n", " ") if number else "",
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
        for told in entry.told.get("promised", ()):
            text = entry.grid.check(told.text, told.heading.label)
            year = str(told.heading.year or self.fiscal_year)
            step = {"item": key, "first_year": year, "last_year": year, "text": text, "note": ""}
            if not _NOT_SAID.fullmatch(text) and step not in self.schedule:
                self.schedule.append(step)
        if entry.find("indicator"):
            self.add_indicator(entry, goal, key)

    def add_indicator(self, entry: Entry, goal: str = "", item: str = "") -> None:
        """Add an indicator that stands beside an item, or in a table of its own."""
        name = entry.read("indicator").replace("\n", " ")
        if _NOT_SAID.fullmatch(name):
            return
        goal = goal or self._place(entry, ("", ""))[0]
        key = self.indicators.add(entry, name, goal, self.fiscal_year, self.last_year)
        if not key and item:
            self.sheets.append({"subject": item, "aspect": "indicator", "text": name})
        elif key and item:
            led = [row for row in self.assignments if row["item"] == item and row["role"] == "lead"]
            self.assignments += [{**row, "item": key} for row in led]
        elif key:
            self._assign(entry, key, ("", ""))

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
            if not _NOT_SAID.fullmatch(each.name)
        ]
        if not named and sheet_says[0] == "department":
            named = [(each, entry.title) for each in split_departments(sheet_says[1])]
        division = entry.read("division") or (sheet_says[1] if sheet_says[0] == "division" else "")
        actor = "ward"
        for each, text in named:
            if each.name in _ACTORS:
                actor = _ACTORS[each.name] if each.role == "lead" else actor
                self.actors.setdefault(_ACTORS[each.name], each.name)
                continue
            department = self._find_department(each.name, each.division or division, text)
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
                self.guesses.add("look", text.place, ja, en, name)
        row = next(r for r in self.departments if r["department"] == self._known[key])
        if name not in (row["name"], *row["aliases"].split("|")):
            row["aliases"] = "|".join(filter(None, [row["aliases"], name]))
            ja, en = "「{}」と「{}」は同じ部署とみた", "'{}' and '{}' were taken as one department"
            self.guesses.add("guessed", text.place, ja, en, row["name"], name)
        return self._known[key]

    def _report(self, entry: Entry, key: str, scale: Scale | None) -> None:
        texts = {name: entry.read(name) for name in ("change_reason", "done", "next_year", "later")}
        texts |= {name: entry.read(name) for name in ("issues", "note")}
        texts = {name: "" if _NOT_SAID.fullmatch(text) else text for name, text in texts.items()}
        status, mark = entry.read("status"), ""
        if scale and status in scale.read:
            mark, rest = scale.read[status]
            texts["change_reason"] = "\n".join(filter(None, [texts["change_reason"], rest]))
        elif status and not scale and not texts["done"]:
            texts["done"] = status
        elif status and not _NOT_SAID.fullmatch(status):
            label = entry.told["status"][0].heading.label
            texts["note"] = "\n".join(filter(None, [texts["note"], f"{label}：{status}"]))
        self.progress.append(
            {"item": key, "status": mark, "shift": "", **texts, **self._read_own(entry)}
        )

    def _read_own(self, entry: Entry) -> dict[str, str]:
        """Return the columns of one's own that a row fills."""
        found = dict[str, str]()
        for name in _OWN:
            text = entry.read(name)
            if not text or _NOT_SAID.fullmatch(text):
                continue
            told = entry.told[name][0]
            if name in ("budget", "spent"):
                value = read_money(text, told.heading.label)
            elif name == "due":
                value = _read_time(text)
            elif name == "owner":
                value = text if _POST.fullmatch(text) else None
            else:
                value = text
            if value is None:
                self.guesses.add(
                    "left",
                    told.text.place,
                    "「{}」の「{}」は、{}として読めない",
                    "'{1}' under '{0}' cannot be read as {2}",
                    told.heading.label,
                    text,
                    _EXPECTED[name],
                )
            else:
                found[name] = value
        self.columns |= found.keys()
        return found

    def settle(self, noun: str) -> None:
        """Give numbers to what has none, and find what is listed again."""
        self._number_groups(noun)
        self._number_items()
        self._find_relisted()

    def _number_groups(self, noun: str) -> None:
        # Where one has a number of its own, no number is made up beside it.
        made = not any(label for _, label, _ in self.goals)
        self.goals = [
            (key, label or (f"{noun}{n}" if made else title), title)
            for n, (key, label, title) in enumerate(self.goals, 1)
        ]
        counted, bare = Counter[str](), [row for row in self.measures if not row["label"]]
        for row in self.measures:
            counted[row["goal"]] += 1
            row["label"] = row["label"] or f"{row['goal'][1:]}-{counted[row['goal']]}"
        if bare:
            self.guesses.add(
                "guessed",
                "measures.csv",
                "番号のない施策 {}件に、番号を付けた（{} など）",
                "{} measure(s) without a number were given one ({} …)",
                len(bare),
                bare[0]["label"],
            )

    def _number_items(self) -> None:
        """Keep the numbers that are printed, unless they are the ones that a place gives."""
        labels = {row["measure"]: row["label"] for row in self.measures}
        labels |= {key: label for key, label, _ in self.goals}
        counted = Counter[str]()
        same = True
        for row in self.items:
            counted[row["measure"]] += 1
            own = f"{labels[row['measure']]}-{counted[row['measure']]}"
            same = same and fold_name(row["label"]) == fold_name(own)
        for row in self.items:
            above = labels[row["measure"]]
            if same:
                row["label"] = ""
            elif re.match(rf"{re.escape(above)}[-－‐–.．]", row["label"]):
                row["label"] = row["label"][len(above) + 1 :]

    def _find_relisted(self) -> None:
        first = dict[str, str]()
        for row in self.items:
            if not row["relisted_from"]:
                first.setdefault(fold_name(row["title"]), row["item"])
        for row in self.items:
            original = first.get(fold_name(row["title"])) if row["relisted_from"] else None
            if row["relisted_from"] and original is None:
                row["title"] += "（再掲）"
                ja, en = (
                    "再掲「{}」の元の取組が見つからない",
                    "no original of the re-listed '{}' was found",
                )
                self.guesses.add("look", "items.csv", ja, en, row["title"])
            row["relisted_from"] = original or ""
            row["relisting"] = "stated" if original else ""


_EXPECTED = {
    "budget": Words("千円単位の金額", "an amount in thousands of yen"),
    "spent": Words("千円単位の金額", "an amount in thousands of yen"),
    "due": Words("時期", "a time"),
    "owner": Words("職名（個人の氏名は載せない）", "a post (no person's name is taken)"),
}
_MONEY: Mapping[str, Decimal] = {
    "億円": Decimal(100_000),
    "百万円": Decimal(1000),
    "万円": Decimal(10),
    "千円": Decimal(1),
    "円": Decimal("0.001"),
}


def read_money(text: str, label: str) -> str | None:
    """Return an amount in thousands of yen, None if it is none of whole thousands.

    >>> read_money("1,200", "予算額（千円）"), read_money("1.5百万円", "予算額")
    ('1200', '1500')
    """
    unit = next((u for u in _MONEY if text.endswith(u)), None)
    unit = unit or next((u for u in _MONEY if u in label), "千円")
    try:
        value = parse_value(text.removesuffix(unit).strip())
    except ValueError:
        return None
    if not isinstance(value, Value) or value.denominator is not None or value.value < 0:
        return None
    amount = value.value * _MONEY[unit]
    return f"{amount.to_integral_value():f}" if amount == amount.to_integral_value() else None


def _read_time(text: str) -> str | None:
    try:
        return parse_stated_date(text.replace("\n", "")).code
    except ValueError:
        return None
