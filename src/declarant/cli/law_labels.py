"""The words of a page of law that are not the law's own, in both languages."""

from __future__ import annotations

from declarant.law.text import Text


def _words(en: str, zh_hant: str) -> Text:
    return Text(en=en, zh_hant=zh_hant)


LABELS = {
    "in_force": _words("IN FORCE", "施行中"),
    "not_in_force": _words("NOT IN FORCE", "未施行"),
    "due": _words("Due", "期限"),
    "history": _words("History", "沿革"),
    "later": _words("to come", "未來"),
    "persons": _words("Who", "適用對象"),
    "activities": _words("What", "適用活動"),
    "particulars": _words("What is asked about it", "應提供之事項"),
    "clocks": _words("When", "期限"),
    "topics": _words("What the questions are about", "提問主題"),
    "counting": _words("What counts as training compute", "訓練運算量之計算範圍"),
    "readings": _words(
        "Where the text is open: readings, the cautious one first",
        "條文未定之處：各種解讀（謹慎者列首）",
    ),
    "definitions": _words("Definitions", "定義"),
    "penalties": _words("If not", "違反效果"),
    "confidentiality": _words("Confidentiality", "保密"),
    "authority": _words("Authority", "法源依據"),
    "purposes": _words("What it is for", "目的"),
    "background": _words("Background", "背景"),
    "sources": _words("Sources", "資料來源"),
    "check": _words("check against the published text", "請與公布條文核對"),
    "default": _words("default", "預設"),
    "more_than": _words("more than", "超過"),
    "since": _words("since", "自"),
    "until": _words("until", "至"),
    "in": _words("in", "計入"),
    "out": _words("out", "不計入"),
    "open": _words("open", "未定"),
    "recomputation": _words("recomputation to save memory", "為節省記憶體之重新計算"),
    "stages": _words("stages of one model, summed", "同一模型各階段之合計"),
    "accuracy": _words("accuracy", "準確度"),
    "operations": _words("operations", "運算次數"),
    "operations_per_second": _words("operations per second", "每秒運算次數"),
    "link_bits_per_second": _words("networking", "網路速率"),
    "share": _words("share of the original's operations", "占原模型運算量之比例"),
    "compute_cost": _words("cost of compute", "運算成本"),
    "revenue": _words("yearly gross revenue", "年度總收入"),
    "training_run": _words("Training runs", "訓練作業"),
    "cluster": _words("Computing clusters", "運算叢集"),
    "clock": _words("Clocks", "期限"),
    "advice": _words(
        "Computed readings of the law, not legal advice.",
        "以上為依法條計算所得之解讀，非法律意見。",
    ),
}
