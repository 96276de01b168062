"""What the nouns have in common: described fields, checks, equality, copies with changes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar, Self

from thermalsat.components.fields import Field, unknown_name
from thermalsat.errors import DesignError, InputError

__all__ = ["FrozenDict", "Nested", "Part"]


class Part:
    """Base of the frozen nouns whose attributes are `Field` descriptors."""

    section: ClassVar[str] = ""
    fields: ClassVar[dict[str, Field]] = {}
    unlisted: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:
        # The bare floats (`area_m2` beside `area`) are added to the class by the fields themselves.
        def __getattr__(self, name: str) -> Any: ...

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.fields = {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
        if cls.__doc__:
            cls.__doc__ = inspect.cleandoc(cls.__doc__).replace("{parameters}", _parameters(cls.fields))

    def __post_init__(self) -> None:
        faults = self.faults()
        if faults:
            raise DesignError(faults)

    def faults(self) -> list[str]:
        """Return contradictions between the fields, a sentence each; empty if there are none."""
        return []

    def named(self, name: str) -> str:
        """Return the dotted name of one of the fields, for messages."""
        return f"{self.section}.{name}" if self.section else name

    def written(self) -> dict[str, Any]:
        """Return every field as it was typed; nested nouns as they are."""
        return {name: field.written(self.__dict__[name]) for name, field in self.fields.items()}

    def leaves(self) -> dict[str, Any]:
        """Return every key of a design file under this noun, nested ones dotted, as it was typed."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            stored = self.__dict__[name]
            if isinstance(field, Nested):
                found |= {f"{name}.{key}": value for key, value in stored.leaves().items()}
            elif name not in self.unlisted:
                found[name] = field.written(stored)
        return found

    def changed(self, prefix: str, changes: dict[str, Any]) -> Self:
        """Return a copy with some keys, which may be nested, changed; messages put `prefix` before them.

        Raises
        ------
        InputError
            For an unknown key, with the nearest known one, or a value that is refused.
        """
        leaves = self.leaves()
        made: dict[str, Any] = {}
        for key, value in changes.items():
            if key not in leaves and key not in self.fields:
                known = [f"{prefix}.{leaf}" for leaf in leaves]
                raise InputError(unknown_name(f"{prefix}.{key}", known, "name in a design"))
            name, _, inner = key.partition(".")
            field = self.fields[name]
            if inner:
                made[name] = made.get(name, self.__dict__[name]).changed(f"{prefix}.{name}", {inner: value})
            else:
                optional = value is None and field.default is None
                made[name] = None if optional else field.read(value, f"{prefix}.{name}")
        return self.replace(**made)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, checked again.

        Raises
        ------
        InputError
            For an unknown field (with the nearest known one) or a value out of bounds.
        """
        for name in changes:
            if name not in self.fields:
                raise InputError(unknown_name(name, list(self.fields), f"field of {type(self).__name__}"))
        made: Self = object.__new__(type(self))
        # what is kept was checked when this noun was made
        made.__dict__.update((name, self.__dict__[name]) for name in self.fields)
        for name, value in changes.items():
            self.fields[name].__set__(made, value)
        made.__post_init__()
        return made

    def _identity(self) -> tuple[Any, ...]:
        return tuple(field.identity(self.__dict__[name]) for name, field in self.fields.items())

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((type(self), self._identity()))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.written().items() if value is not None)
        return f"{type(self).__name__}({inside})"


class Nested(Field):
    """A noun inside a noun, or the name of one of its presets."""

    kind = "table or preset"
    numeric = False

    def __init__(self, noun: Any, doc: str, **kwargs: Any) -> None:
        super().__init__(doc, **kwargs)
        self.noun = noun

    def read(self, value: Any, name: str) -> Any:
        """See `Field.read`."""
        if isinstance(value, self.noun):
            return value
        if isinstance(value, str):
            try:
                return self.noun.preset(value)
            except InputError as error:
                raise InputError(f"`{name}`: {error}") from None
        raise InputError(f"`{name}` must be a {self.noun.__name__} or the name of a preset, got {value!r}")


class FrozenDict(dict[str, Any]):
    """A dictionary that cannot be changed."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("a design is frozen; make a changed copy with `replace`")

    __setitem__ = __delitem__ = __ior__ = update = pop = popitem = clear = setdefault = _refuse

    def __reduce__(self) -> Any:
        return FrozenDict, (dict(self),)


def _parameters(fields: dict[str, Field]) -> str:
    lines = ["Parameters", "----------"]
    for name, field in fields.items():
        unit = f" [{field.unit}]" if field.unit else ""
        rest = (
            ""
            if field.required
            else (", optional" if field.default is None else f", default {field.default!r}")
        )
        bounds = f" {field.bounds.capitalize()}." if field.bounds else ""
        lines += [f"{name} : {field.kind}{unit}{rest}", f"    {field.doc}{bounds}"]
    return "\n".join(lines)
