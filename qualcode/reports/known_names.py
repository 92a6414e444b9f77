"""The names that may not leave a project: who is known in it by which name, and from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from qualcode.text.disclosure import Names, folded
from qualcode.text.people import parts

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.text.names import Name

REDACTED = "accepted redaction"
PEOPLE = "participants and roster"
LISTED = "list of names"
KEY = "key"


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """One name, whose it is and how we know."""

    label: str
    how: str


class KnownNames:
    """The known names of a project.

    Attributes:
        known: Name, as names are compared → how it is known. What an accepted redaction covers
            comes first, then whom the participants and the roster name (in full, and by first and
            last name), then a list, then a key.
        words: Names that a person once decided to be no name where they stand.
    """

    def __init__(self, known: Mapping[str, Known], words: frozenset[str]) -> None:
        self.known, self.words = known, words

    @cached_property
    def names(self) -> Names:
        """What looks for them."""
        return Names(self.known)


def known_names(
    project: Project, *, listed: Sequence[Name] = (), key: Mapping[str, str] | None = None
) -> KnownNames:
    """Gather what nobody may be called by in what leaves.

    Args:
        listed: From files, as ``importers.names_csv`` reads them.
        key: Name → label, of a key that ``deid bake`` wrote.
    """
    from qualcode.reports.deid import people

    found: dict[str, Known] = {}
    for name, label in project.layer.names.items():
        found.setdefault(folded(name), Known(label, REDACTED))
    for person in people(project):
        called = [part for name in person.names for part in (name, *parts(name))]
        for name in called:
            found.setdefault(folded(name), Known(person.label or "[person]", PEOPLE))
    for listed_name in listed:
        label = listed_name.label or f"[{listed_name.kind}]"
        found.setdefault(folded(listed_name.name), Known(label, LISTED))
    for name, label in (key or {}).items():
        found.setdefault(folded(name), Known(label, KEY))
    found.pop("", None)
    rejected = set()
    texts: dict[str, str] = {}
    for one in project.redactions.list(status="rejected"):
        if one.document_id not in texts:
            texts[one.document_id] = project.documents.text(one.document_id)
        rejected.add(folded(texts[one.document_id][one.span.start : one.span.stop]))
    return KnownNames(found, frozenset(rejected))
