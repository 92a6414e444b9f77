"""What every noun of an open project needs: the file, its writer, and whose eyes look.

In a blind round that is open, a coder sees their own codings and nothing of the others'.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode.model import Coder
from qualcode.store.database import Database
from qualcode.store.history import Writer
from qualcode.store.images import canonical
from qualcode.store.memory import Remembered
from qualcode.text.redaction import Layer

__all__ = ["CODED_ANEW", "OPEN_BLIND", "VISIBLE", "Disclosure", "Session", "canonical"]

OPEN_BLIND = "(round.blind = 1 AND round.state = 'open')"
"""SQL: whether a round keeps its coders apart."""

CODED_ANEW = (
    "(?1 IN (-1, coding.coder_pk) AND EXISTS (SELECT 1 FROM assignment AS again"
    " JOIN round AS anew ON anew.pk = again.round_pk AND anew.purpose = 'recode'"
    " AND anew.blind = 1 AND anew.state = 'open' WHERE again.document_pk = coding.document_pk"
    " AND again.coder_pk = coding.coder_pk AND again.round_pk <> coding.round_pk))"
)
"""SQL: whether it is the viewer's own (or there is no viewer), of a document that its coder is
coding anew: recoding measures stability only where the earlier codings are not looked at."""

VISIBLE = f"(NOT {OPEN_BLIND} OR coding.coder_pk = ?1)"
"""SQL: whether a coding may be seen; the first parameter is ``Session.eyes``."""


@dataclass(slots=True)
class Disclosure:
    """How names are shown while a project is open; ``store.redactions`` keeps the layer here."""

    reason: str | None = None
    """Why identified text is shown; None where redactions act."""

    accepted: dict[str, str] = field(default_factory=dict)
    """Rule of the disclosure check → why it may be broken."""

    seed: str | None = None
    """Draws other ids for the participants; None shows their own."""

    layer: Layer | None = None
    moment: int = -1
    """The last action when the layer was made."""


@dataclass(frozen=True, slots=True)
class Session:
    """An open project file and who looks at it."""

    db: Database
    writer: Writer
    viewer: Coder | None
    """None sees nothing of an open blind round."""

    eyes: int
    """The viewer's key in this file; -1 for nobody's."""

    disclosure: Disclosure = field(default_factory=Disclosure)

    remembered: Remembered = field(default_factory=Remembered)
    """What the labels of all documents are taken for."""
