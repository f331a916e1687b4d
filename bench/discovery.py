"""Which benches and campaigns exist, and which of them was asked for?"""

import importlib
import pkgutil
from collections.abc import Sequence
from keyword import iskeyword
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
MACHINERY = {"__main__", "campaigns", "discovery", "installation", "measuring", "mutants", "peers", "pools", "prove"}


def find_names(folder: Path) -> list[str]:
    """Names as people type them: `last_place.py` is `last-place`, and `import_.py`, whose name is Python's own, `import`."""
    found = (module.name for module in pkgutil.iter_modules([str(folder)]))
    return sorted(name.removesuffix("_").replace("_", "-") for name in found if name not in MACHINERY)


def choose(asked: Sequence[str], existing: Sequence[str], kind: str) -> list[str]:
    """What to run: all that exist, or those asked for. Ends the program with a clear message on an unknown name."""
    unknown = [name for name in asked if name not in existing]
    if unknown:
        raise SystemExit(
            f"There is no {kind} named {', '.join(unknown)}. There are: {', '.join(existing) or 'none yet'}."
        )
    if not existing:
        raise SystemExit(f"There is no {kind} yet.")
    return list(asked or existing)


def load(package: str, name: str) -> ModuleType:
    module = name.replace("-", "_")
    return importlib.import_module(f"{package}.{module}_" if iskeyword(module) else f"{package}.{module}")
