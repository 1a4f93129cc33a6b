"""Names as lists have them: departments in one cell, numbers in front of titles."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_UNITS = "|".join(
    (
        *"課室係部局所館署院園校班会科",
        "支所",
        "本部",
        "センター",
        "事務局",
        "委員会",
        "チーム",
        "グループ",
        "担当",
    )
)
_IS_UNIT = re.compile(rf".+(?:{_UNITS})(?:長)?$")
_GENERIC = re.compile(
    r"(?:各|全|関係|関連).*(?:課|室|係|部|局|庁|所管|所属|部署|施設|学校)$|全庁|庁内全体"
)
_DIVIDED = re.compile(
    r"(.+(?:部|局|委員会))[\s　／/]*(.+(?:課|室|係|班|チーム|グループ|センター|担当))$"
)
# 総務部 above 総務課 in one cell, or with a dot between, is one department.
_ABOVE = re.compile(r"(?:(?<=[部局])|(?<=委員会))[\n・･](?=[^、，,\n]*[課室係])")
_AND_OTHERS = re.compile(r"[\s　]*(?:ほか|他|等|など)$|(?<=[課室係部局所])長$")
_SECOND = frozenset({"副", "関係", "協力", "連携", "支援", "関連"})
_BRACKETS = re.compile(r"[(（【〔［\[]([^()（）【】〔〕［］\[\]]*)[)）】〕］\]]")
_SPLIT = re.compile(r"[\n、，,;；/／|｜]|及び|並びに|および|ならびに")
_SUPPORTS = re.compile(r"^(?:関係|関連|協力|連携|副|支援)[:：]?(?=.)|^[*＊※]")


class Named(NamedTuple):
    """A department as a cell names it: its name, the division before it, its role, its part."""

    name: str
    division: str
    role: str
    qualifier: str


def split_departments(text: str, role: str = "lead") -> list[Named]:
    """Return the departments of one cell; those in brackets support the one before.

    >>> [(each.name, each.role) for each in split_departments("総務課・広聴・広報課（情報課）")]
    [('総務課', 'lead'), ('広聴・広報課', 'lead'), ('情報課', 'supporting')]
    >>> split_departments("総務部 税務課(国保・年金)")[0]
    Named(name='税務課', division='総務部', role='lead', qualifier='国保・年金')
    """
    found = list[Named]()
    position = 0
    plain = _ABOVE.sub(" ", _join_broken(text.strip()))
    for bracket in _BRACKETS.finditer(plain):
        found += _split(plain[position : bracket.start()], role)
        inner = list(_split(bracket[1], "supporting"))
        if found and len(inner) == 1 and (joined := _join_levels(found[-1], inner[0])):
            found[-1] = joined
        elif inner and all(_IS_UNIT.match(each.name) for each in inner):
            found += inner
        elif found:
            found[-1] = _qualify(found[-1], bracket[1].strip())
        position = bracket.end()
    return [*found, *_split(plain[position:], role)]


def _join_broken(text: str) -> str:
    """Return a text without the line breaks within a name: デジタル above 戦略室."""
    lines = list[str]()
    for line in text.split("\n"):
        whole = lines and (_IS_UNIT.match(lines[-1]) or _SPLIT.search(lines[-1]))
        plain = lines and re.fullmatch(r"[^\W_]{2,}", lines[-1]) and _IS_UNIT.fullmatch(line)
        if plain and not whole and not _GENERIC.match(lines[-1]):
            lines[-1] += line
        else:
            lines.append(line)
    return "\n".join(lines)


def _join_levels(named: Named, inner: Named) -> Named | None:
    """Return the one that a division and a section in brackets are: 総務部（総務課）."""
    if named.name.endswith(("部", "局")) and inner.name.endswith(("課", "室", "係")):
        return inner._replace(division=named.name, role=named.role)
    if inner.name.endswith(("部", "局")) and named.name.endswith(("課", "室", "係")):
        return named._replace(division=inner.name)
    return None


def _qualify(named: Named, told: str) -> Named:
    """Return a department with what stands in brackets behind it."""
    if told in _SECOND:
        return named._replace(role="supporting")
    return named._replace(qualifier=told if re.search(r"\w{2}", told) else "")


def _split(text: str, role: str) -> Iterator[Named]:
    division = ""
    for part in _SPLIT.split(text):
        supports = bool(_SUPPORTS.match(part.strip()))
        name = re.sub(r"^[・●○◎■□\-\s]+", "", _SUPPORTS.sub("", part.strip()))
        for each in _split_dots(_AND_OTHERS.sub("", name)):
            divided = _DIVIDED.fullmatch(each)
            own = divided if divided and len(divided[1]) > 2 else None
            label = own[2] if own else each
            # The division of the first is that of those behind it: 整備部 計画課・建築課.
            division = own[1] if own else division if label.endswith(("課", "室", "係")) else ""
            if label:
                yield Named(
                    re.sub(r"[\s　]+", "", label),
                    division,
                    "supporting" if supports else role,
                    "",
                )


def _split_dots(text: str) -> list[str]:
    """Return the parts between dots that are departments, as long as all of them are.

    広聴・広報課 is one: 広聴 is no department.
    """
    parts = [part.strip() for part in re.split(r"[・･]", text)]
    joined, pending = list[str](), ""
    for part in parts:
        pending = f"{pending}・{part}" if pending else part
        if _IS_UNIT.match(pending) or _GENERIC.match(pending):
            joined.append(pending)
            pending = ""
    return [*joined, pending] if pending else joined


def is_generic(name: str) -> bool:
    """Return whether a name stands for several departments: 各所管課, 全庁."""
    return bool(_GENERIC.match(name))


def find_unit(name: str) -> str:
    """Return what a department is called by its name: 課, 室 …; "" if it does not say."""
    found = re.search(rf"(?:{_UNITS})$", name)
    return found[0] if found else ""


def fold_name(name: str) -> str:
    """Return a name by which two spellings of it are told to be one."""
    return re.sub(r"[\s　・]+", "", unicodedata.normalize("NFKC", name)).casefold()


_NUMBER = (
    r"(?:[0-9０-９]{1,3}(?:[-－‐–ー.．・][0-9０-９①-⑳]{1,3})*|[①-⑳]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|"
    r"[一二三四五六七八九十]{1,2}|[(（][0-9０-９一二三四五六七八九十]{1,2}[)）]|[A-ZＡ-Ｚ])"
)
_WORD = (
    r"(?:(?:基本|重点|推進)?(?:目標|方針|戦略|柱|政策|施策|分野|取組方針|プロジェクト)"
    r"|第(?=.{1,3}[章節項]))"
)
_LABELLED = re.compile(
    rf"((?:{_WORD}\s*{_NUMBER}[章節項]?|第{_NUMBER}[章節項]|{_NUMBER}))[章節項]?"
    r"[\s　:：.．、・)）】]*(?=\D)(.+)",
    re.DOTALL,
)


def split_label(text: str) -> tuple[str, str]:
    """Return the label in front of a title and the title; "" if it has none.

    >>> split_label("基本目標１　便利な窓口"), split_label("1-1-① 証明書"), split_label("窓口")
    (('基本目標１', '便利な窓口'), ('1-1-①', '証明書'), ('', '窓口'))
    """
    plain = text.strip().strip("【】<>＜＞■●◆◇○□ 　").replace("\n", " ")
    found = _LABELLED.fullmatch(plain)
    if not found or len(found[1]) + len(found[2].strip()) < 2:
        return "", plain
    # 3Dプリンター, 一時保育: a number that is part of the first word.
    bare = re.fullmatch(r"[0-9０-９]+|[一二三四五六七八九十]+|[A-ZＡ-Ｚ]", found[1])
    if bare and not re.match(r"[\s　:：.．、)）]", plain[len(found[1]) :]):
        return "", plain
    return found[1].strip(), found[2].strip()
