"""What people must know who fill in such a file, in English and in Traditional Chinese."""

from __future__ import annotations

WORKBOOK = (
    (
        "Fill in the white cells of the sheet Answers; the grey ones are locked. A table has a "
        "sheet of its own.",
        "請填寫「Answers」工作表的白色儲存格；灰色儲存格已鎖定。表格題各有專屬工作表。",
    ),
    (
        "Each question has several rows: the answer, and further rows for words beside it or for a "
        "part that is confidential.",
        "每題有數列：首列填答，其餘各列供補充文字，或填寫應予保密的部分。",
    ),
)
DOCUMENT = (
    (
        "Write in the boxes below each question, as much as you like. Do not delete a box; an "
        "empty one is no answer.",
        "請在各題下方的方框內作答，篇幅不限。請勿刪除方框；空白方框視為未答。",
    ),
    (
        "Each question has a box for the answer, and further ones for words beside it or for a "
        "part that is confidential.",
        "每題有作答方框，另有方框供補充文字，或填寫應予保密的部分。",
    ),
)
COMMON = (
    (
        "Numbers: digits, such as 1234.5 or 1.2e26, the unit apart. Days: 2027-02-01. One option: "
        "choose it from the list. Several options: put an x into the box before each, [x].",
        "數字：以阿拉伯數字書寫，例如 1234.5 或 1.2e26，單位另填。日期：2027-02-01。"
        "單選：由清單選取。複選：在各選項前的方框填入 x，即 [x]。",
    ),
    (
        "Confidential: choose the basis for each part that must be kept confidential. What is not "
        "marked is public to the agency's file.",
        "機密：凡應予保密之部分，請選擇其依據。未標示者，主管機關視為可公開。",
    ),
    (
        "Not known: choose Yes if the answer is not known, and say in words why.",
        "不知：如無從得知，請選「Yes」，並以文字說明原因。",
    ),
    (
        "Evidence: names of files as the desk shows them, one on each line. Files themselves are "
        "attached at the desk, not here.",
        "佐證檔案：依系統所示檔名填寫，每行一個。檔案本身請於系統上傳，勿置於此。",
    ),
    (
        "Formulas are never worked out, and text that begins with = stays text. Save the file in "
        "the form in which you got it, without macros and without a password.",
        "公式一律不計算；以 = 開頭之文字仍為文字。請以原格式存檔，勿含巨集，勿設密碼。",
    ),
    (
        "Upload the file at the desk. What was changed is shown there before anything is taken "
        "over.",
        "完成後請上傳至系統。系統會先列出變更之處，確認後始予採用。",
    ),
)
TITLE = ("How to fill in this file", "填寫說明")
