"""One finding about the data: its kind, its weight, what was found, and the rows concerned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from nenpo.content.places import Spot
from nenpo.errors import Language

Weight = Literal["high", "middle", "low"]
Kind = Literal[
    "published", "doubled", "relisted", "direction", "disagreement", "value", "excess", "differs",
    "fell", "assigned",
    "wording", "claim", "reason", "misread", "name", "inferred", "unrated", "silent", "absent",
    "unreported", "ended", "uncomputed", "title", "repeated", "copied", "beyond", "author", "code",
    "dated",
    "rounding", "spelling", "spelt", "alike", "stated", "generic", "unassigned", "departments",
    "note",
]  # fmt: skip


class Rule(NamedTuple):
    """How much a kind of finding weighs, and what the 点検票 calls it."""

    weight: Weight
    label: str


# In the order in which the 点検票 lists them: what changes a published number, then what somebody
# may be asked about, then how the data were read.
RULES: Mapping[Kind, Rule] = {
    "published": Rule("high", "公表された集計との不一致"),
    "doubled": Rule("high", "重ねて数えた取組"),
    "relisted": Rule("high", "再掲の重複計上"),
    "direction": Rule("high", "変更の向きの記載なし"),
    "excess": Rule("high", "範囲を超える値"),
    "value": Rule("high", "資料間の値の相違"),
    "disagreement": Rule("high", "資料間の数の相違"),
    "differs": Rule("high", "計画間の値の相違"),
    "fell": Rule("high", "減った累計"),
    "assigned": Rule("high", "担当の不一致"),
    "wording": Rule("middle", "資料間の相違"),
    "claim": Rule("middle", "採否と理由の不一致"),
    "reason": Rule("middle", "理由の記載なし"),
    "name": Rule("middle", "推定した名称"),
    "misread": Rule("middle", "読み誤り"),
    "inferred": Rule("middle", "推定した再掲"),
    "unrated": Rule("middle", "進捗区分の記載なし"),
    "silent": Rule("middle", "進捗の記載なし"),
    "absent": Rule("middle", "報告にない行"),
    "unreported": Rule("middle", "前年度からの未報告"),
    "ended": Rule("middle", "終わった取組の再掲"),
    "uncomputed": Rule("middle", "算出できない指標"),
    "title": Rule("middle", "題名の変化"),
    "repeated": Rule("middle", "前年度と同じ文"),
    "copied": Rule("middle", "前年度と同じ出典"),
    "dated": Rule("middle", "節目"),
    "beyond": Rule("middle", "資料の終わりを超える行"),
    "author": Rule("middle", "担当課・問合せ先"),
    "code": Rule("middle", "団体コード"),
    "rounding": Rule("low", "丸めた値"),
    "spelling": Rule("low", "表記の違い"),
    "spelt": Rule("low", "部署の別の表記"),
    "alike": Rule("low", "同じ題名の別の取組"),
    "stated": Rule("low", "表示のある再掲"),
    "generic": Rule("low", "総称"),
    "unassigned": Rule("low", "担当のない部署"),
    "departments": Rule("low", "担当の行なし"),
    "note": Rule("low", "注記"),
}


@dataclass(frozen=True)
class Finding:
    """What was found at a place (a file, and an id in it), in both languages.

    ``spots`` are the rows concerned. ``detail`` is what the 点検票 says in place of ``ja`` where it
    shows the places apart, ``why`` what it adds: the reasons for a choice or a reading. What only
    the 点検票 tells is in Japanese alone.
    """

    kind: Kind
    place: str
    ja: str
    en: str = ""
    spots: tuple[Spot, ...] = ()
    detail: str = ""
    why: str = ""

    @property
    def told(self) -> str:
        """What the 点検票 says."""
        return self.detail or self.ja

    @property
    def weight(self) -> Weight:
        """How much it weighs."""
        return RULES[self.kind].weight

    def message(self, language: Language) -> str:
        """Return the finding in ``language``."""
        return self.ja if language == "ja" else self.en
