"""What has an ordinary form is found, with that form, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nenpo.language.ordinary import Kind, find_unusual


@pytest.mark.parametrize(
    ("text", "kind", "spot", "ordinary"),
    [
        ("⻑寿社会", "radical", "⻑", "長"),
        ("⾧寿社会", "radical", "⾧", "長"),
        ("⽇本", "radical", "⽇", "日"),
        ("⺅", "radical", "⺅", ""),
        ("ｼｽﾃﾑ課", "half_width", "ｼｽﾃﾑ", "システム"),
        ("ﾊﾟｿｺﾝ", "half_width", "ﾊﾟｿｺﾝ", "パソコン"),
        ("ﾊﾞﾞ", "half_width", "ﾊﾞﾞ", "バ"),
        ("か゛", "sound_mark", "か゛", "が"),
        ("か\u3099", "sound_mark", "か\u3099", "が"),
        ("が゛", "sound_mark", "が゛", "が"),
        ("ハ\u309a", "sound_mark", "ハ\u309a", "パ"),
        ("◎◎", "doubled", "◎◎", "◎"),
        ("※※※", "doubled", "※※※", "※"),
        ("縺薙ｌ", "garbled", "縺", ""),
        ("窓口ã‚", "garbled", "ã‚", ""),
        ("Ã©", "garbled", "Ã©", ""),
        ("ƒJ[ƒh", "garbled", "ƒJ", ""),
    ],
)
def test_spot_is_found_with_its_ordinary_form(
    text: str, kind: Kind, spot: str, ordinary: str
) -> None:
    assert (kind, spot, ordinary) in list(find_unusual(text))


@pytest.mark.parametrize(
    "text",
    ["長寿社会のシステム", "◎○△×", "１２３ＡＢＣ", "café", "﨑山", "。。", "ばら", "20×30×40"],
)
def test_ordinary_text_has_no_such_spot(text: str) -> None:
    assert list(find_unusual(text)) == []


@given(st.text(alphabet="縺繧繝あがアガ⻑⽇ｶﾞﾟ゛゜\u3099\u309a◎○ãÂ‚ƒ", max_size=8))
def test_the_ordinary_form_is_itself_ordinary(text: str) -> None:
    for spot in find_unusual(text):
        again = [found for found in find_unusual(spot.ordinary) if found.ordinary]
        assert again == [], (text, spot)
