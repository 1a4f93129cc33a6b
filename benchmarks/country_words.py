"""The words of which the invented country is made."""

# Three parts of a name: no municipality is called by three of them.
PLACES = (
    tuple("青赤白黒緑金銀朝夕月雪雨風雲霧虹桃柿栗梅"),
    tuple("星鹿鶴亀波砂笛鈴扇糸"),
    tuple("瀬峰浜野原沢島丘森谷"),
)

# Mark: code, label, tone, how often of a hundred.
MARKS = {
    "◎": ("on_schedule", "予定どおり取り組んだ", "good", 74),
    "○": ("changed", "変更して取り組んだ", "neutral", 12),
    "△": ("insufficient", "十分に進んでいない", "caution", 9),
    "×": ("not_started", "未着手", "bad", 5),
}

DEPARTMENTS = {
    "kikaku": "企画課",
    "zaisei": "財政課",
    "koho": "広報課",
    "joho": "情報政策課",
    "somu": "総務課",
    "jinji": "人事課",
    "keiyaku": "契約課",
    "shisan": "資産管理課",
    "bosai": "防災課",
    "koseki": "戸籍住民課",
    "zeimu": "税務課",
    "nozei": "納税課",
    "hoken": "保険年金課",
    "kankyo": "環境課",
    "seiso": "清掃課",
    "shoko": "商工観光課",
    "norin": "農林課",
    "bunka": "文化課",
    "sports": "スポーツ課",
    "fukushi": "福祉課",
    "shogai": "障害福祉課",
    "kaigo": "介護課",
    "kenko": "健康課",
    "kodomo": "こども課",
    "hoiku": "保育課",
    "toshi": "都市計画課",
    "doro": "道路課",
    "kenchiku": "建築課",
    "gakko": "学校教育課",
    "gikai": "議会事務局",
}

OBJECTS = (
    "窓口の手続",
    "電子申請",
    "公開データ",
    "ホームページ",
    "職員の研修",
    "情報機器",
    "庁内の無線LAN",
    "住民情報システム",
    "文書の管理",
    "統合型の地図情報",
    "会議の記録",
    "キャッシュレス決済",
    "学校の端末",
    "防災の情報",
    "個人番号カードの交付",
    "業務の自動化",
    "情報セキュリティ対策",
    "高齢者向けの講習会",
)
VERBS = ("拡大", "見直し", "整備", "更新", "調査", "標準化", "試行", "周知", "連携強化")
STEPS = (
    "要件を整理し、関係する課と協議した",
    "対象を3課から5課に広げた",
    "試行の結果をまとめ、効果を確かめた",
    "利用の手引を作り、窓口で配布した",
    "仕様を定め、契約の準備を進めた",
    "利用者の意見を集め、画面を改めた",
    "説明会を4回開き、延べ120人が参加した",
    "国の標準仕様との違いを洗い出した",
)
REASONS = (
    "国の仕様の公表が遅れたため",
    "入札が不調となったため",
    "半導体の不足により機器の納入が遅れたため",
    "関係する課との調整に時間を要したため",
    "国の補助金を用いることができたため",
    "窓口の要望により対象を見直したため",
)

# Name, unit, wanted direction, kind, value in the baseline year.
INDICATORS = (
    ("電子申請の件数", "件", "increase", "flow", 12000),
    ("個人番号カードの交付率", "%", "increase", "share", 28),
    ("公開データの件数", "件", "increase", "stock", 85),
    ("窓口の平均待ち時間", "分", "decrease", "flow", 24),
    ("文書の保有量", "fm", "decrease", "stock", 4100),
    ("業務の自動化の件数", "件", "increase", "stock", 6),
    ("情報セキュリティの事故の件数", "件", "decrease", "flow", 9),
    ("職員の研修の受講者数", "人", "increase", "flow", 310),
    ("講習会の参加者数", "人", "increase", "flow", 240),
    ("キャッシュレス決済の割合", "%", "increase", "share", 11),
    ("学校の端末の利用率", "%", "maintain", "share", 92),
    ("ホームページの閲覧数", "件", "increase", "flow", 530000),
)
