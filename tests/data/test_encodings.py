"""Every line of a file has to be of one encoding; what is another one is named with its line."""

from itertools import product

import pytest

from nenpo.data.encodings import decode_text
from nenpo.errors import CutText, DataError, LostCharacter, MixedEncodings, WrongEncoding
from tiny_project import PLAN, Project, only, read_message

HEADER = "scope,text\n"
# Cells as short as people write them.
WORDS = (
    *("済", "完了", "検討中", "継続", "拡充した", "窓口を拡大", "なし", "実施", "オンライン化"),
    *("ｶｰﾄﾞ", "ア", "計画どおり進めた"),
)


def refuse(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        decode_text(raw, "a.csv")
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("word", WORDS)
def test_one_encoding_is_read(word: str, encoding: str) -> None:
    text = f"{HEADER}plan,{word}\nplan,{word}\n"
    assert decode_text(text.encode(encoding), "a.csv") == text


@pytest.mark.parametrize(("first", "second"), [("utf-8", "cp932"), ("cp932", "utf-8")])
def test_a_row_in_another_encoding_never_passes(first: str, second: str) -> None:
    """Of every pair of short cells, the file as a whole might read as one of the two."""
    for one, other in product(WORDS, WORDS):
        raw = f"{HEADER}plan,{one}\n".encode(first) + f"plan,{other}\n".encode(second)
        assert isinstance(refuse(raw), MixedEncodings), (one, other)


def test_a_row_in_another_encoding_after_a_byte_order_mark_is_refused() -> None:
    raw = HEADER.encode("utf-8-sig") + "plan,済\n".encode("cp932")
    assert refuse(raw).place == "a.csv:2"


def test_a_mixture_names_the_first_line_of_each(tiny: Project) -> None:
    raw = tiny.path("2021/commentary.csv").read_bytes() + "plan,窓口\n".encode("cp932")
    tiny.write("2021/commentary.csv", raw)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"MixedEncodings {PLAN}/2021/commentary.csv:4: line 2 is UTF-8, line 4 is cp932: two "
        "encodings in one file; enter what was added again, as UTF-8."
    )
    assert "2行は UTF-8、4行は CP932" in problem.message("ja")


def test_two_encodings_in_one_line_are_refused() -> None:
    raw = HEADER.encode() + "plan,進める。".encode() + "窓口\n".encode("cp932")
    assert refuse(raw).place == "a.csv:2"


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("before", ["", "plan,前\n"])
def test_a_file_cut_inside_its_last_character_is_refused(word: str, before: str) -> None:
    whole = f"{HEADER}{before}plan,{word}".encode()
    for cut in (1, 2):
        problem = refuse(whole[:-cut])
        assert isinstance(problem, CutText | WrongEncoding | MixedEncodings)
        assert problem.place == f"a.csv:{3 if before else 2}"


def test_a_cut_is_called_one() -> None:
    for encoding in ("utf-8", "cp932"):
        raw = f"{HEADER}plan,前\nplan,窓口".encode(encoding)[:-1]
        assert isinstance(refuse(raw), CutText), encoding
    assert "cut off inside its last character" in refuse(raw).message("en")


@pytest.mark.parametrize("word", ["ﾃｽﾄ", "ｶｰﾄﾞ", "ｼｽﾃﾑ", "ｷﾞｶｲ", "ﾊｲ", "ﾏｲﾅﾝﾊﾞｰ､ｼﾞｮｳﾎｳ", "実ｶﾅ", "ﾃ"])
def test_half_width_kana_in_cp932_are_read(word: str) -> None:
    """Some of them are bytes of EUC-JP, or of Latin letters in UTF-8, too."""
    text = f"{HEADER}plan,{word}\nplan,ﾂﾘｰ"
    assert decode_text(text.encode("cp932"), "a.csv") == text


@pytest.mark.parametrize("word", ["実", "者", "社", "支援", "市長"])
def test_kanji_in_cp932_that_are_bytes_of_euc_jp_are_read(word: str) -> None:
    text = f"{HEADER}plan,{word}\n"
    assert decode_text(text.encode("cp932"), "a.csv") == text


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("euc_jp", "EUC-JP"),
        ("iso2022_jp", "ISO-2022-JP"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
@pytest.mark.parametrize(
    "word", ["進捗", "窓口を拡大した", "総務課", "マイナンバーカード", "ひらがな"]
)
def test_another_encoding_is_called_by_its_name(word: str, encoding: str, name: str) -> None:
    problem = refuse(f"{HEADER}plan,{word}\n".encode(encoding))
    assert isinstance(problem, WrongEncoding)
    assert f"neither UTF-8 nor cp932 ({name})" in problem.message("en")


@pytest.mark.parametrize("others", ["utf-8", "cp932", "ascii"])
def test_a_row_in_iso_2022_jp_is_called_so_at_its_line(others: str) -> None:
    """Its codes are ASCII: without the escapes, they would be read as words of signs."""
    raw = HEADER.encode() + ("plan,前\n" if others != "ascii" else "plan,x\n").encode(others)
    problem = refuse(raw + "plan,窓口\n".encode("iso2022_jp"))
    assert isinstance(problem, WrongEncoding)
    assert problem.place == "a.csv:3"
    assert "ISO-2022-JP" in problem.message("en")


@pytest.mark.parametrize(
    ("raw", "line", "value"),
    [(b"scope,text\nplan,\x81", 2, "0x81"), (b"scope,text\nplan,\xff\xff", 2, "0xFF")],
)
def test_bytes_of_no_encoding_are_refused_at_their_line(
    tiny: Project, raw: bytes, line: int, value: str
) -> None:
    tiny.write("2021/commentary.csv", raw)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"WrongEncoding {PLAN}/2021/commentary.csv:{line}: "
        f"the file is neither UTF-8 nor cp932 ({value}); save it again as UTF-8."
    )
    assert "UTF-8 で保存し直すこと" in problem.message("ja")


@pytest.mark.parametrize("file", ["2021/commentary.csv", "plan.yaml", "params/tiny/2021.yaml"])
def test_the_trace_of_a_lost_character_is_refused(tiny: Project, file: str) -> None:
    tiny.append(file, "# 窓\ufffd口" if file.endswith("yaml") else "plan,窓\ufffd口")
    lines = tiny.read(file).count("\n")
    refuse_all = tiny.refuse_params if file.startswith("params") else tiny.refuse_data
    problem = only(refuse_all())
    assert isinstance(problem, LostCharacter)
    assert problem.place.endswith(f":{lines}")
    assert "U+FFFD" in problem.message("ja")


@pytest.mark.parametrize("text", ["", "scope,text\n", "é × ± °", "○ ◎"])
def test_signs_of_two_bytes_are_no_other_encoding(text: str) -> None:
    assert decode_text(text.encode(), "a.csv") == text


@pytest.mark.parametrize("text", ["最上ランクの評価", "以後リンクを改める", "代ルート、上ミドル"])
def test_the_end_of_a_character_and_the_begin_of_the_next_are_no_kana(text: str) -> None:
    """上ラ in cp932 holds the bytes of ド in UTF-8."""
    assert decode_text(text.encode("cp932"), "a.csv") == text
