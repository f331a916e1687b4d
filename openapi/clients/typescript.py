"""How is the TypeScript client made and checked? Types of every operation, and a small program that `tsc --strict` reads."""

import json
import re
from pathlib import Path

from openapi.clients.toolbox import BUILD, ToolFailed, node, node_tools, say

TRIAL = Path(__file__).parent / "trial.ts"
OPTIONS = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noEmit": True,
    "skipLibCheck": False,
    "target": "es2022",
    "lib": ["es2022", "dom"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "types": [],
}


def generate(document: Path, folder: Path = BUILD / "typescript") -> Path:
    """Write the types, and beside them a program that uses them; answers the file of types."""
    tools = node_tools("typescript")
    folder.mkdir(parents=True, exist_ok=True)
    types = folder / "mentorskap.d.ts"
    program = tools / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    said = say([node(), str(program), str(document.resolve()), "--output", str(types)], folder, {"NO_COLOR": "1"})
    if "warn" in said.lower():
        raise ToolFailed(said)
    (folder / "trial.ts").write_bytes(TRIAL.read_bytes())
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(tools / "node_modules", target_is_directory=True)
    return types


def check(types: Path) -> None:
    """Read the types and the program strictly. Raises: ToolFailed with what the compiler says."""
    folder = types.parent
    settings = {"compilerOptions": OPTIONS, "files": [types.name, "trial.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    say([node(), str(folder / "node_modules" / "typescript" / "bin" / "tsc"), "--project", "tsconfig.json"], folder)


def operations(types: Path) -> set[str]:
    """The ids of the operations that the types know."""
    text = types.read_text(encoding="utf-8")
    block = text[text.index("export interface operations {") :]
    return set(re.findall(r"^    (\w+): \{$", block, re.MULTILINE))
