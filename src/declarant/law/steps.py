"""The steps by which a date was worked out, in sentences, in both languages."""

from __future__ import annotations

from datetime import date, datetime

from declarant.law.clock_rules import QuarterDates, Unit
from declarant.law.quarters import Quarter
from declarant.law.regime import Zone
from declarant.law.text import Text

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS_ZH = "一二三四五六日"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS: dict[Unit, tuple[str, str, str]] = {
    "hours": ("hour", "hours", "小時"),
    "days": ("calendar day", "calendar days", "個日曆日"),
    "weeks": ("week", "weeks", "週"),
    "months": ("month", "months", "個月"),
}


def shown_day(day: date) -> Text:
    """Return a day with its weekday."""
    return Text(
        en=f"{day} ({_WEEKDAYS[day.weekday()]})",
        zh_hant=f"{day}（星期{_WEEKDAYS_ZH[day.weekday()]}）",
    )


def shown_moment(moment: datetime) -> str:
    """Return a moment to the minute with its offset."""
    return moment.isoformat(sep=" ", timespec="minutes")


def local_day(given: datetime, local: datetime, zone: Zone) -> Text:
    """Say which local day a moment falls on."""
    return Text(
        en=(
            f"{shown_moment(given)} is {local:%Y-%m-%d %H:%M} in {zone.place.en} ({zone.name}); "
            f"the local date there, {local:%Y-%m-%d}, counts."
        ),
        zh_hant=(
            f"{shown_moment(given)} 即{zone.place.zh_hant}當地時間（{zone.name}）"
            f"{local:%Y-%m-%d %H:%M}，以當地日期 {local:%Y-%m-%d} 為準。"
        ),
    )


def taken_as_local(day: date, zone: Zone) -> Text:
    """Say that a plain date is taken as a local date."""
    return Text(
        en=f"{day} is taken as the local date in {zone.place.en} ({zone.name}).",
        zh_hant=f"{day} 視為{zone.place.zh_hant}（{zone.name}）當地日期。",
    )


def started(event: Text, day: date) -> Text:
    """Say what starts the clock and when."""
    shown = shown_day(day)
    return Text(
        en=f"The clock starts with {event.en}: {shown.en}.",
        zh_hant=f"起算事由為{event.zh_hant}：{shown.zh_hant}。",
    )


def first_counted(day: date) -> Text:
    """Say that the first day is not counted; `day` is the first that is."""
    return Text(
        en=f"That day is not counted; day 1 is {day}.",
        zh_hant=f"始日不算入，第 1 日為 {day}。",
    )


def period(number: int, unit: Unit, last: date) -> Text:
    """Say the length of the period and its last day."""
    one, many, zh = _UNITS[unit]
    shown = shown_day(last)
    return Text(
        en=f"The period is {number} {one if number == 1 else many}; its last day is {shown.en}.",
        zh_hant=f"期間為 {number} {zh}，末日為 {shown.zh_hant}。",
    )


def hours(number: int, start: datetime, end: datetime) -> Text:
    """Say a period of hours, which runs through nights and weekends."""
    return Text(
        en=(
            f"{number} hours run without a break from {shown_moment(start)} to {shown_moment(end)}."
        ),
        zh_hant=f"{number} 小時連續計算，自 {shown_moment(start)} 起至 {shown_moment(end)} 止。",
    )


def no_hour_given(day: date) -> Text:
    """Say that without an hour the clock is taken to start as early as it can have."""
    return Text(
        en=f"No hour is given: counted from the start of {day}, the earliest it can be.",
        zh_hant=f"未載明時刻，從最早可能時點即 {day} 零時起算。",
    )


def quarterly_dates(dates: QuarterDates) -> Text:
    """List the four quarterly dates."""
    days = [(number, dates.of(number)) for number in (1, 2, 3, 4)]
    en = ", ".join(
        f"Q{number} {day.day} {_MONTHS[day.month - 1]}" + (" of the next year" * day.next_year)
        for number, day in days
    )
    zh = "、".join(
        f"第 {number} 季" + ("次年 " if day.next_year else " ") + f"{day.month} 月 {day.day} 日"
        for number, day in days
    )
    return Text(en=f"The quarterly dates are: {en}.", zh_hant=f"每季期日為：{zh}。")


def first_quarterly(start: date, quarter: Quarter, due: date) -> Text:
    """Say which quarterly date comes next: the first that is not before `start`, as rolled."""
    shown = shown_day(due)
    if due < start:
        return Text(
            en=f"{shown.en}, for {quarter}, lies before {start}, but the day it rolls over to does "
            "not.",
            zh_hant=f"{shown.zh_hant}（{quarter.year} 年第 {quarter.number} 季）雖在 {start} 之前，"
            "惟順延後之期日尚未屆至。",
        )
    return Text(
        en=f"The first quarterly date not before {start} is {shown.en}, for {quarter}.",
        zh_hant=(
            f"自 {start}（含當日）起最先屆至者為 {shown.zh_hant}，"
            f"屬 {quarter.year} 年第 {quarter.number} 季。"
        ),
    )


def window(months: int, end: date) -> Text:
    """Say how far a notification looks ahead."""
    return Text(
        en=f"It covers all activities planned in the {months} months after it, until {end}.",
        zh_hant=f"該次通報涵蓋其後 {months} 個月內、至 {end} 止計畫進行之一切活動。",
    )


def affirmation(count: int) -> Text:
    """Say when an affirmation takes the place of a notification."""
    return Text(
        en=(
            "An affirmation takes the place of the notification in a quarter without applicable "
            f"activities, on the same date; owed for each of the {count} quarters after the last "
            "notification."
        ),
        zh_hant=(
            f"某季無應通報活動者，於同一期日改提確認聲明；最近一次通報後之 {count} 季，"
            "每季均應為之。"
        ),
    )


def within(clock: Text) -> Text:
    """Say that the text names no day of its own, and which clock must not have ended."""
    return Text(
        en=f"The text names no day for this; it is taken to come before this clock ends: "
        f"{clock.en}.",
        zh_hant=f"條文未定其期日，謹慎解讀為應於下列期限屆滿前為之：{clock.zh_hant}。",
    )


def before(event: Text, day: date, last: date) -> Text:
    """Say that a duty comes before its event."""
    shown = shown_day(last)
    return Text(
        en=f"It comes before {event.en} on {day}; the last full day before is {shown.en}.",
        zh_hant=f"應於{event.zh_hant}（{day}）之前為之，其前最後一個整日為 {shown.zh_hant}。",
    )


def business_day(day: date) -> Text:
    """Say that nothing needs to roll."""
    return Text(
        en=f"{day} is a business day: nothing rolls over under any reading.",
        zh_hant=f"{day} 為上班日，無論何種解讀均無順延問題。",
    )


def stands(day: date, why: Text) -> Text:
    """Say that a date on a closed day stands."""
    return Text(
        en=f"{day} is {why.en}; without roll-over the date stands.",
        zh_hant=f"{day} 為{why.zh_hant}；依不順延之解讀，期日不變。",
    )


def rolls(closed: list[tuple[date, Text]], day: date) -> Text:
    """Say over which closed days a date rolls."""
    shown = shown_day(day)
    en = ", ".join(f"{closed_day} is {why.en}" for closed_day, why in closed)
    zh = "、".join(f"{closed_day} 為{why.zh_hant}" for closed_day, why in closed)
    return Text(
        en=f"{en}: the date rolls over to the next business day, {shown.en}.",
        zh_hant=f"{zh}，依順延之解讀，順延至次一上班日 {shown.zh_hant}。",
    )


def no_roll_in_law() -> Text:
    """Say that no roll-over was applied because the data of the regime hold none."""
    return Text(
        en="No roll-over for weekends or holidays is applied.",
        zh_hant="未就週末或假日為順延。",
    )
