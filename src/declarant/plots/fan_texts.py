"""What stands on a fan chart, in the languages of the product."""

from __future__ import annotations

from collections.abc import Mapping

from declarant.problems import bad_input

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "operations": "operations, cumulative",
        "done": "done so far",
        "plan": "plan, best value",
        "bounds": "plan, bounds",
        "median": "median path",
        "50": "50 of 100 paths",
        "80": "80 of 100 paths",
        "95": "95 of 100 paths",
        "limit": "limit",
        "today": "as of",
        "quarters": "Ticks: quarterly dates",
        "counted": "As {law} counts",
        "logarithmic": "logarithmic scale",
        "not_drawn": "not drawn",
        "about": "{name}: cumulative operations from {first} to {last}.",
        "about_done": "{amount} by {day}.",
        "about_plan": "By the plan {amount} at the end.",
        "about_limit": "Limit {label}: by the plan passed {plan}.",
        "about_paths": "By the log half of the paths pass it by {half}, 80 of 100 between {early} "
        "and {late}.",
        "on": "on {day}",
        "never": "never",
        "unknown": "on a day that is not known",
    },
    "zh-Hant": {
        "operations": "累計運算次數",
        "done": "迄今已完成",
        "plan": "計畫（最佳估計）",
        "bounds": "計畫（上下界）",
        "median": "模擬路徑中位數",
        "50": "100 條路徑中 50 條",
        "80": "100 條路徑中 80 條",
        "95": "100 條路徑中 95 條",
        "limit": "門檻",
        "today": "評估日",
        "quarters": "刻度：每季期日",
        "counted": "依 {law} 計算",
        "logarithmic": "對數刻度",
        "not_drawn": "未繪出",
        "about": "{name}：{first} 至 {last} 之累計運算次數。",
        "about_done": "截至 {day} 為 {amount}。",
        "about_plan": "依計畫，最終為 {amount}。",
        "about_limit": "門檻 {label}：依計畫{plan}超過。",
        "about_paths": "依紀錄，半數路徑於 {half} 前超過；100 條中 80 條介於 {early} 與 {late}。",
        "on": "於 {day} ",
        "never": "不會",
        "unknown": "於不明日期",
    },
}


def texts_in(language: str) -> Mapping[str, str]:
    """Return the texts of a language.

    Raises:
        BadInput: when there are none.
    """
    if language not in TEXTS:
        raise bad_input(
            "plot.language",
            f"there is no text in {language!r}.",
            mend=f"Known: {', '.join(TEXTS)}.",
        )
    return TEXTS[language]
