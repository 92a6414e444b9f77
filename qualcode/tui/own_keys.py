"""A coder's own keys: ``keys.toml`` in the user's configuration folder.

One line for each act, by the id that ``docs/keys.md`` gives: ``"code.pick" = "c,enter"``. It
replaces all keys of that act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from platformdirs import user_config_dir
from textual.binding import Binding, BindingType

from qualcode.tui.keys import expanded, key_name


def keys_file() -> Path:
    """Where a user of this machine keeps their own keys."""
    return Path(user_config_dir("qualcode", appauthor=False)) / "keys.toml"


def own_keys(
    screens: Mapping[str, Iterable[BindingType]], file: Path | None = None
) -> tuple[dict[str, str], list[str]]:
    """Read the file, if there is one.

    Args:
        screens: Name of each screen → the bindings active together on it.

    Returns:
        Id → keys, for Textual's keymap; and what is wrong, one sentence each. A line that is
        wrong is left out; of two acts on one key both are named.
    """
    import tomllib

    file = file or keys_file()
    try:
        held = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, [f"{file} cannot be read: {error}. The usual keys apply."]
    bound = {name: expanded(bindings) for name, bindings in screens.items()}
    known = {binding.id for bindings in bound.values() for binding in bindings}
    keymap: dict[str, str] = {}
    problems: list[str] = []
    for id_, keys in held.items():
        if id_ not in known:
            problems.append(f'{file}: there is no act "{id_}"; docs/keys.md lists them.')
        elif not isinstance(keys, str) or not keys.strip():
            problems.append(f'{file}: the keys of "{id_}" must be text such as "c,enter".')
        else:
            keymap[id_] = keys
    for name, bindings in bound.items():
        problems += [f"{file}: on {name}, {clash}" for clash in clashes(bindings, keymap)]
    return keymap, list(dict.fromkeys(problems))


def clashes(bindings: Iterable[Binding], keymap: Mapping[str, str]) -> list[str]:
    """Name every key that would mean two acts, ``q stands for app.back and code.pick``."""
    acts: dict[str, dict[str, None]] = {}
    rebound = [
        b if b.id not in keymap else b.with_key(keymap[b.id]) for b in bindings if b.id is not None
    ]
    for binding in expanded(rebound):
        acts.setdefault(binding.key, {})[binding.id or ""] = None
    return [
        f"{key_name(key)} stands for {' and '.join(ids)}."
        for key, ids in acts.items()
        if len(ids) > 1
    ]
