"""A record as a tree of forms: one for each part of the schema, lists of them, and parts in parts.

The tree is made from content or from what a browser sent, gives content back, takes findings to the
fields they are about, and grows or loses an item when somebody asks for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from pydantic import BaseModel

from declarant.desk.filer.register.anatomy import Field, Sort, fields, variants
from declarant.desk.filer.register.editing.choice_words import choice_word, choices
from declarant.desk.filer.register.editing.fields import PartForm, form_field, taken
from declarant.desk.filer.register.editing.offered import Offered, rule_name
from declarant.desk.filer.register.editing.opening import Pair, initial, items
from declarant.desk.filer.register.editing.wording import ITEMS, hint, label

MOST_ITEMS = 500
_ROWS = ".rows"  # the names of the items of a list, in order


class Node:
    """One part: its form, and the parts and lists in it, in the order of the schema.

    Attributes:
        model: of the schema.
        prefix: of its controls: `parts.0`.
        optional: the part may be left empty as a whole.
        title: over its fields.
        children: what is in it besides plain fields, by the field's name.
        errors: what is wrong with the part as a whole.
    """

    def __init__(
        self,
        model: type[BaseModel],
        prefix: str,
        offered: Offered,
        *,
        content: Any = None,
        data: MultiValueDict | None = None,
        optional: bool = False,
        title: str = "",
        key: str = "",
    ) -> None:
        self.model, self.prefix, self.optional, self.title, self.key = (
            model, prefix, optional, title, key,
        )  # fmt: skip
        self.errors: list[str] = []
        self.hint = ""
        self.focus = False
        self.is_open = not optional
        held = content if isinstance(content, dict) else {}
        shown = {**held, "key": key} if key else held
        self.form = PartForm(data, prefix=prefix or None, initial=initial(model, held))
        self.children: dict[str, Node | NodeList] = {}
        for field in fields(model):
            if field.sort is Sort.CONSTANT:
                continue
            plain = form_field(model, field, offered, shown, marked=not optional)
            if plain is not None:
                self.form.fields[field.name] = plain
            elif field.sort is Sort.PART:
                child = Node(
                    field.models[0],
                    self._below(field.name),
                    offered,
                    content=held.get(field.name),
                    data=data,
                    optional=not field.required,
                    title=str(label(model, field)),
                )
                child.hint = hint(model, field)
                self.children[field.name] = child
            else:
                self.children[field.name] = NodeList(
                    model, field, self._below(field.name), offered, held.get(field.name), data
                )
        if optional:
            self.is_open = bool(self.content())

    def blocks(self) -> Iterator[list[BoundField] | Node | NodeList]:
        """Yield what to show, in order: runs of plain fields, and parts and lists between them."""
        run: list[BoundField] = []
        for field in fields(self.model):
            if field.name in self.form.fields:
                run.append(self.form[field.name])
            elif field.name in self.children:
                if run:
                    yield run
                run = []
                yield self.children[field.name]
        if run:
            yield run

    def content(self) -> dict[str, Any]:
        """Return the part as a register writes it; empty fields are left out."""
        made: dict[str, Any] = {}
        for field in fields(self.model):
            if field.sort is Sort.CONSTANT:
                made[field.name] = self.key
            elif field.name in self.form.fields:
                value = taken(field, self.form[field.name].value())
                if value is not None:
                    made[field.name] = value
            else:
                child = self.children[field.name]
                inner = child.content()
                needed = child.field.required if isinstance(child, NodeList) else not child.optional
                if inner or needed:
                    made[field.name] = inner
        return made

    def check(self) -> None:
        """Add errors where what was typed cannot be written in a register at all."""
        for child in self.children.values():
            child.check()

    def place(self, steps: tuple[str | int, ...], said: str) -> None:
        """Take a finding to the field that `steps` lead to, or as near as there is one."""
        for number, step in enumerate(steps):
            if step in self.form.fields:
                self.form.add_error(str(step), said)
                self.is_open = True
                return
            if isinstance(step, str) and step in self.children:
                self.is_open = True
                self.children[step].place(steps[number + 1 :], said)
                return
        self.is_open = True
        self.errors.append(said)

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Yield the label, the id and the text of everything that is wrong, for the summary."""
        above = f"{self.title}: " if self.title else ""
        for text in self.errors:
            yield self.title or _("The record"), self.anchor, text
        for name, texts in self.form.errors.items():
            bound = self.form[name]
            for text in texts:
                yield f"{above}{bound.label}", bound.first_id, text
        for child in self.children.values():
            for shown, anchor, text in child.problems():
                yield f"{above}{shown}", anchor, text

    def find(self, prefix: str) -> NodeList | None:
        """Return the list whose controls begin with a prefix."""
        for child in self.children.values():
            found = child if isinstance(child, NodeList) and child.prefix == prefix else None
            found = found or child.find(prefix)
            if found is not None:
                return found
        return None

    @property
    def anchor(self) -> str:
        """The id of the part on the page."""
        return f"part_{self.prefix or 'record'}"

    sort = "part"  # for templates, which tell a part from a list by it

    @property
    def summary(self) -> str:
        """What tells a folded part from the others: its title, its id, and what it is for."""
        held = self.content()
        said = [str(held[name]) for name in ("id", "name") if held.get(name)][:1]
        words = [
            choice_word(str(held[name])) for name in ("purpose", "share", "status") if name in held
        ]
        about = ", ".join([*said, *words])
        return f"{self.title}: {about}" if about else self.title

    @property
    def is_folded(self) -> bool:
        """Whether the part may be shown by its summary alone: nothing in it waits."""
        return not self.focus and not any(True for _problem in self.problems())

    @property
    def focus_row(self) -> bool:
        """Whether a person goes on here, and there is no field to go on in."""
        return self.focus and not self.form.fields

    def _below(self, name: str) -> str:
        return f"{self.prefix}.{name}" if self.prefix else name


class NodeList:
    """Several parts: of one model, of variants, by key, or pairs of texts."""

    def __init__(
        self,
        owner: type[BaseModel],
        field: Field,
        prefix: str,
        offered: Offered,
        content: Any,
        data: MultiValueDict | None,
    ) -> None:
        self.field, self.prefix, self._offered = field, prefix, offered
        self.title, self.hint = str(label(owner, field)), hint(owner, field)
        self.errors: list[str] = []
        self.items: list[tuple[str, Node]] = []
        if data is None:
            rows = [(str(n), key, item) for n, (key, item) in enumerate(items(field, content))]
        else:
            named = data.getlist(prefix + _ROWS)[:MOST_ITEMS]
            rows = [(row, data.get(f"{prefix}.{row}.is", ""), None) for row in dict.fromkeys(named)]
        for row, key, item in rows:
            self._append(row, key, item, data)

    sort = "list"

    @property
    def folds(self) -> bool:
        """Whether items are shown by a summary that opens: long ones, several of them."""
        return self.field.name in ("parts", "groups") and len(self.items) > 1

    @property
    def add_label(self) -> str:
        """What the button says that adds an item."""
        return str(ITEMS[self.field.name][1])

    @property
    def has_variants(self) -> bool:
        """Whether items are of several kinds."""
        return len(self.field.models) > 1

    @property
    def fixed(self) -> bool:
        """Whether items are neither added nor removed."""
        return self.field.sort is Sort.BY_KEY

    @property
    def variants(self) -> list[tuple[str, str]]:
        """What kinds of item can still be added; empty when there is only one kind."""
        if len(self.field.models) < 2:
            return []
        used = {node.key for _, node in self.items}
        known = tuple(name for model in self.field.models for name in variants(model))
        return choices(tuple(name for name in known if name not in used))

    @property
    def anchor(self) -> str:
        """The id of the list on the page."""
        return f"part_{self.prefix}"

    def content(self) -> Any:
        """Return the items as a register writes them."""
        if self.field.sort is Sort.BY_KEY:
            return {node.key: inner for _, node in self.items if (inner := node.content())}
        if self.field.sort is Sort.PAIRS:
            held = [node.content() for _, node in self.items]
            return {str(item["name"]): item.get("value", "") for item in held if item.get("name")}
        return [node.content() for _, node in self.items]

    def check(self) -> None:
        """Say what would be lost: a text without its word, or a word that comes twice."""
        if self.field.sort is Sort.PAIRS:
            seen: set[str] = set()
            for _row, node in self.items:
                held = node.content()
                name = str(held.get("name", ""))
                if held and not name:
                    node.form.add_error("name", _("Say what this is, or empty both."))
                elif name in seen:
                    node.form.add_error("name", _("This stands twice; keep one."))
                seen.add(name)
        for _row, node in self.items:
            node.check()

    def add(self, variant: str = "") -> None:
        """Add an empty item at the end, where the person goes on."""
        if len(self.items) >= MOST_ITEMS or self.fixed:
            return
        if self.variants and variant not in dict(self.variants):
            self.errors.append(_("Choose how it is counted, then add it."))
            return
        row = str(max((int(name) for name, _ in self.items if name.isdecimal()), default=-1) + 1)
        self._append(row, variant, {}, None)
        if self.items:
            node = self.items[-1][1]
            node.focus = True
            for first in list(node.form.fields.values())[:1]:
                first.widget.attrs["autofocus"] = True

    def remove(self, row: str) -> None:
        """Take an item away."""
        self.items = [(name, node) for name, node in self.items if name != row]

    def place(self, steps: tuple[str | int, ...], said: str) -> None:
        """Take a finding to the item it is about, or to the list."""
        for number, step in enumerate(steps):
            node = self._at(step)
            if node is not None:
                node.place(steps[number + 1 :], said)
                return
        self.errors.append(said)

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Yield the label, the id and the text of everything that is wrong."""
        for text in self.errors:
            yield self.title, self.anchor, text
        for _row, node in self.items:
            yield from node.problems()

    def find(self, prefix: str) -> NodeList | None:
        """Return the list whose controls begin with a prefix."""
        found = (node.find(prefix) for _, node in self.items)
        return next((item for item in found if item is not None), None)

    def _at(self, step: str | int) -> Node | None:
        if isinstance(step, int):
            return self.items[step][1] if step < len(self.items) else None
        return next((node for _, node in self.items if node.key == step), None)

    def _append(self, row: str, key: str, item: Any, data: MultiValueDict | None) -> None:
        model = self._model(key)
        if model is None or not row.isdecimal():
            return
        node = Node(
            model,
            f"{self.prefix}.{row}",
            self._offered,
            content=item,
            data=data,
            optional=self.fixed,
            title=self._title(key, len(self.items)),
            key=key,
        )
        self.items.append((row, node))

    def _model(self, key: str) -> type[BaseModel] | None:
        if self.field.sort is Sort.PAIRS:
            return Pair
        if len(self.field.models) == 1:
            return self.field.models[0]
        return next((model for model in self.field.models if key in variants(model)), None)

    def _title(self, key: str, number: int) -> str:
        if self.field.sort is Sort.BY_KEY:
            return rule_name(key)
        if len(self.field.models) > 1:
            return choice_word(key)
        return f"{ITEMS[self.field.name][0]} {number + 1}"
