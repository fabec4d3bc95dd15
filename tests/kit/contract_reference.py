"""What the plugin contract looks like from outside, written out: `docs/reference/api-1.txt` and part of `hooks.md`.

Run it to renew both after an intended change of the contract; `tests/contract/test_api.py` compares.
"""

import enum
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

import dezhi.plugin
from dezhi.plugin import hooks

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "docs" / "reference" / f"api-{dezhi.plugin.API}.txt"
REFERENCE = ROOT / "docs" / "reference" / "hooks.md"
BEGIN = "<!-- hooks: begin (made by tests/kit/contract_reference.py from the docstrings) -->"
END = "<!-- hooks: end -->"


def specs() -> dict[str, Callable[..., object]]:
    """Every hook by name, in the order of the file."""
    return {name: value for name, value in vars(hooks).items() if hasattr(value, f"{hooks.PROJECT}_spec")}


def golden() -> str:
    """All public names with their fields, values and signatures."""
    lines = [f"API {dezhi.plugin.API}", ""]
    for name in sorted(dezhi.plugin.__all__):
        lines += [*_told(name, getattr(dezhi.plugin, name)), ""]
    for name, hook in specs().items():
        lines += [f"hook {name}{_plain(inspect.signature(hook))}", ""]
    return "\n".join(lines).rstrip() + "\n"


def hook_sections() -> str:
    """The hooks as Markdown: signature, question, and the parts of the docstring as a list."""
    sections = []
    for name, hook in specs().items():
        question, _, rest = (inspect.getdoc(hook) or "").partition("\n")
        parts = "\n".join(f"- {line}" for line in rest.strip().splitlines())
        arguments = ", ".join(inspect.signature(hook).parameters)
        permission = hooks.PERMISSION_OF[name]
        needs = f"`{permission.value}`" if permission else "none of its own"
        sections.append(f"## `{name}({arguments})`\n\n{question}\n\n{parts}\n- *Needs the permission*: {needs}")
    return "\n\n".join(sections)


def _told(name: str, thing: object) -> Iterator[str]:
    """One public name, as lines."""
    if inspect.isclass(thing) and issubclass(thing, msgspec.Struct):
        yield f"struct {name}"
        yield from (f"    {_field(field)}" for field in msgspec.structs.fields(thing))
        for method, value in vars(thing).items():
            if not method.startswith("_") and inspect.isfunction(value):
                yield f"    def {method}{_plain(inspect.signature(value))}"
            elif isinstance(value, property):
                yield f"    property {method}"
    elif inspect.isclass(thing) and issubclass(thing, enum.Enum):
        yield f"words {name}: {' '.join(member.value for member in thing)}"
    elif inspect.isclass(thing):
        yield f"class {name}{_plain(inspect.signature(thing))}"
    elif inspect.isfunction(thing):
        yield f"def {name}{_plain(inspect.signature(thing))}"
    else:
        yield f"{name} = {thing if isinstance(thing, int) else type(thing).__name__}"


def _field(field: msgspec.structs.FieldInfo) -> str:
    kind = field.type.__name__ if inspect.isclass(field.type) and not hasattr(field.type, "__args__") else field.type
    told = f"{field.name}: {_plain(kind)}"
    return told if field.default is msgspec.NODEFAULT else f"{told} = {_plain(repr(field.default))}"


def _plain(text: object) -> str:
    """Names without the modules they come from, which are no promise."""
    return re.sub(r"\b(?:dezhi|typing|collections|datetime|msgspec)(?:\.[a-z_]+)*\.(?=[A-Za-z])", "", str(text))


def main() -> None:
    """Write both files."""
    GOLDEN.write_text(golden(), encoding="utf-8")
    before, _, rest = REFERENCE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    REFERENCE.write_text(f"{before}{BEGIN}\n\n{hook_sections()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
