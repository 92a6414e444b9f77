"""Small invented studies, coded by quoting: what a report's test can be checked against by eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import qualcode
from qualcode.model import Code, Coder, Document, Round, Span
from qualcode.project import Project
from tests.store.texts import reading


class Study:
    """A project that is filled by name and by quotation."""

    def __init__(self, path: Path, codes: Sequence[str | tuple[str, str]]) -> None:
        self.path = path
        self.project: Project = qualcode.create(path, title="Study", coder="ana")
        self.coders: dict[str, Coder] = {"ana": self.project.coders.named("ana")}
        self.documents: dict[str, Document] = {}
        pairs = [(code, None) if isinstance(code, str) else code for code in codes]
        self.project.codebook.import_codes(
            [Code("", code, parent=parent, position=at) for at, (code, parent) in enumerate(pairs)],
            by=self.coders["ana"],
        )

    def coder(self, name: str) -> Coder:
        if name not in self.coders:
            self.coders[name] = self.project.coders.add(name, by=self.coders["ana"])
        return self.coders[name]

    def document(self, name: str, text: str, **attributes: str) -> None:
        """Add a transcript; each line is ``LABEL: words`` or a paragraph."""
        self.documents[name] = self.project.documents.add(
            reading(text), name, by=self.coders["ana"], attributes=attributes
        )

    def round(
        self, name: str, documents: Mapping[str, Sequence[str]], version: str | None = None
    ) -> Round:
        """Open a blind round and assign: document → coders."""
        ana = self.coders["ana"]
        opened = self.project.rounds.open(name, by=ana, codebook_version=version)
        for document, coders in documents.items():
            people = [self.coder(coder).id for coder in coders]
            self.project.rounds.assign(opened.id, [self.documents[document].id], people, by=ana)
        return opened

    def code(
        self, coder: str, document: str, code: str, *quotes: str, round: str = "solo", **marks: Any
    ) -> None:
        """Apply a code to each quotation."""
        found = self.documents[document]
        text = self.project.documents.text(found.id)
        for quote in quotes:
            start = text.index(quote)
            self.project.codings.apply(
                found.id,
                Span(start, start + len(quote)),
                self.project.codebook.named(code).id,
                by=self.coder(coder),
                round_id=self.project.rounds.named(round).id,
                **marks,
            )

    def finish(self, coder: str, *documents: str, round: str = "solo") -> None:
        who, where = self.coder(coder), self.project.rounds.named(round)
        for document in documents:
            self.project.rounds.finish(where.id, self.documents[document].id, who.id, by=who)

    def close(self, round: str) -> None:
        self.project.rounds.close(self.project.rounds.named(round).id, by=self.coders["ana"])

    def adjudicate(
        self,
        round: str,
        document: str,
        code: str,
        quote: str,
        decision: str,
        new: str | None = None,
    ) -> None:
        """Record what was decided of a quotation."""
        start = self.project.documents.text(self.documents[document].id).index(quote)
        row = {
            "round": round, "document": document, "code": code, "start": start,
            "stop": start + len(quote), "decision": decision, "new_code": new, "reason": "agreed",
            "decided_by": "ana", "decided_at": None, "line": 2, "file": "adjudications.csv",
        }  # fmt: skip
        self.project.import_codings([], [], [row], by=self.coders["ana"])

    def participants(self, *rows: dict[str, str]) -> None:
        """Import participants, one row each, columns as in a participants file."""
        self.project.participants.import_table(list(enumerate(rows, 2)), by=self.coders["ana"])
