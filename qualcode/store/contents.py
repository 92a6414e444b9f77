"""A project of another program comes in: all of it in one action, or nothing.

What is there already, by its id or by what it says, is left as it is; so the same file brings
nothing in twice. Codings go into a round of their own, in which nobody has finished anything:
where they are silent, nothing is known.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualcode.contents import BroughtIn, ForeignDocument, ProjectContents, Target
from qualcode.formats.refi_kept import guids, renamed
from qualcode.model import Code, Coder
from qualcode.store.attributes import kind_of, put_attribute, put_value
from qualcode.store.code_rows import code_values
from qualcode.store.codebook import Codebook
from qualcode.store.coders import LONGEST
from qualcode.store.documents import Documents, Prepared, prepare
from qualcode.store.history import Action
from qualcode.store.ids import new_id, now
from qualcode.store.outside import SELECTION, SOURCE, OutsideIds, program
from qualcode.store.rounds import newest_segmentation
from qualcode.store.session import Session
from qualcode.store.tables import Value

CASE = "case"
"""Attribute of a document that names the participants it is of, where no speaker does."""


def import_contents(
    session: Session,
    contents: ProjectContents,
    *,
    by: Coder,
    name: str,
    mark_finished: bool = False,
) -> BroughtIn:
    """Store a whole project; see ``Project.import_contents``."""
    ready = _prepared(session, contents)
    with session.writer.action("import project", by.id) as action:
        return _Import(session, action, contents, by).run(ready, name, mark_finished)


def _prepared(session: Session, contents: ProjectContents) -> dict[str, Prepared]:
    """Cut the sentences of the texts that are new, before the project is locked."""
    there = {
        sha256 for (sha256,) in session.db.query("SELECT sha256 FROM document WHERE removed = 0")
    }
    return {one.guid: prepare(one.named) for one in contents.documents if _sha256(one) not in there}


def _sha256(one: ForeignDocument) -> str:
    return hashlib.sha256(one.named.reading.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Document:
    name: str
    sha256: str
    removed: bool


def free_name(name: str, taken: set[str], longest: int | None = None) -> str:
    """Give a name that is not taken, ``name (2)`` if need be; it is from now on."""
    free, n = name[:longest].strip(), 1
    while free.casefold() in taken:
        n += 1
        ending = f" ({n})"
        free = name[: None if longest is None else longest - len(ending)].strip() + ending
    taken.add(free.casefold())
    return free


class _Import:
    """One import, inside its action."""

    def __init__(
        self, session: Session, action: Action, contents: ProjectContents, by: Coder
    ) -> None:
        self._db, self._action, self._contents, self._by = session.db, action, contents, by
        self._session = session
        self._origin = program(contents.origin, contents.format)
        self._outside = OutsideIds(session.db, action, self._origin)
        self._counts: Counter[str] = Counter()
        self._there: Counter[str] = Counter()
        self._warnings: list[str] = []
        self._coders: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._documents: dict[str, str] = {}
        self._participants: dict[str, str] = {}
        self._codings: dict[str, str] = {}
        self._memos: dict[str, str] = {}
        self._new_documents: set[str] = set()

    def run(self, ready: Mapping[str, Prepared], name: str, mark_finished: bool) -> BroughtIn:
        self._put_coders()
        attributes = self._put_attributes()
        self._put_codes()
        self._put_documents(ready, attributes)
        self._put_participants(attributes)
        round_, assignments = self._put_codings(name)
        self._put_memos()
        self._outside.store()
        self._put_kept(attributes)
        if mark_finished:
            for assignment in assignments:
                self._action.put("assignment", assignment, {"finished_at": now()})
            self._count("finished marks", len(assignments))
        return BroughtIn(round_, dict(self._counts), dict(self._there), tuple(self._warnings))

    def _count(self, what: str, n: int = 1) -> None:
        if n:
            self._counts[what] += n

    def _ids(self, table: str, columns: str = "NULL") -> dict[str, tuple[object, ...]]:
        return {row[0]: row[1:] for row in self._db.query(f"SELECT id, {columns} FROM {table}")}

    # People and their words

    def _put_coders(self) -> None:
        """Coders, by name and then by GUID."""
        people = self._ids("coder", "name, kind")
        by_name = {
            str(name).casefold(): id_ for id_, (name, kind) in people.items() if kind == "human"
        }
        taken = {str(name).casefold() for name, _ in people.values()}
        for one in self._contents.coders:
            name = "".join(char for char in one.name if char.isprintable()).strip()[:LONGEST]
            found = [by_name[name.casefold()]] if name.casefold() in by_name else []
            found = found or self._outside.rows(one.guid, people)
            if found:
                self._coders[one.guid] = found[0]
                continue
            name = free_name(name or "coder", taken, LONGEST)
            id_ = self._action.insert("coder", {"name": name})
            self._outside.add(id_, ("", one.guid))
            by_name[name.casefold()] = self._coders[one.guid] = id_
            people[id_] = (name, "human")
            self._count("coders")

    def _put_attributes(self) -> dict[str, str]:
        """Attributes by name: name → id."""
        values: dict[str, list[str]] = {}
        held = [one.named.attributes for one in self._contents.documents]
        held += [one.attributes for one in self._contents.participants]
        for one in held:
            for name, value in one.items():
                values.setdefault(name, []).append(value)
        there = {str(name).casefold() for (name,) in self._ids("attribute", "name").values()}
        ids: dict[str, str] = {}
        for attribute in self._contents.attributes:
            fits = kind_of(values.get(attribute.name, []))
            kind = attribute.kind if attribute.kind == fits else "text"
            id_ = put_attribute(self._db, self._action, attribute.name, kind)
            ids[attribute.name] = id_
            if attribute.name.casefold() not in there:
                there.add(attribute.name.casefold())
                self._outside.add(id_, ("", attribute.guid))
                self._count("attributes")
        for name in values:
            if name not in ids:
                ids[name] = put_attribute(self._db, self._action, name)
        return ids

    def _put_values(
        self, values: Mapping[str, str], attributes: Mapping[str, str], **target: str
    ) -> None:
        for name, value in values.items():
            done = put_value(
                self._db, self._action, attributes[name], value, update=False,
                document_id=target.get("document_id"),
                participant_id=target.get("participant_id"),
            )  # fmt: skip
            if done == "kept":
                self._there["values left alone"] += 1

    # Codes

    def _put_codes(self) -> None:
        """Codes by GUID, then by their path; the definitions that are here stay."""
        live = Codebook(self._session).codes()
        by_id = {code.id: code for code in live}
        paths = {path: code.id for code, path in _paths(live)}
        taken = {_folded(code.code) for code in live} | {_folded(code.title) for code in live}
        merged: dict[str, str] = dict(
            self._db.query(
                "SELECT code.id, alias.id FROM code JOIN code alias"
                " ON alias.pk = code.merged_into_pk"
            )
        )
        tops = sum(code.parent is None for code in live)
        ids: dict[str, str] = {}
        for code, path in _paths(self._contents.codes):
            rows = self._outside.rows(code.id, by_id)
            rows += [merged[one] for one in self._outside.rows(code.id, merged)]
            known = next((one for one in rows if one in by_id), paths.get(path))
            if known is not None:
                self._there["codes"] += 1
                self._differs(code, by_id[known])
            else:
                known = self._new_code(code, ids, taken, tops)
            self._codes[code.id] = ids[code.code] = known

    def _new_code(self, code: Code, ids: Mapping[str, str], taken: set[str], tops: int) -> str:
        values = code_values(code)
        short, n = code.code, 1
        while _folded(short) in taken:
            n += 1
            short = f"{code.code} ({n})"
        taken.add(_folded(short))
        if short != code.code:
            values |= {"code": short, "name": ""}
            self._warnings.append(f'There is a code "{code.code}" already; this one is "{short}".')
        values["parent_id"] = ids[code.parent] if code.parent is not None else None
        if code.parent is None:
            values["position"] += tops
        id_ = self._action.insert("code", values)
        self._outside.add(id_, ("", code.id))
        self._count("codes")
        return id_

    def _differs(self, theirs: Code, ours: Code) -> None:
        said = [
            (one.brief, one.full, one.use_when, one.not_when, one.example, one.near_miss)
            for one in (theirs, ours)
        ]
        if said[0] != said[1] and any(said[0]):
            self._there["definitions left alone"] += 1

    # Documents

    def _put_documents(self, ready: Mapping[str, Prepared], attributes: Mapping[str, str]) -> None:
        held = {
            id_: _Document(str(name).casefold(), str(sha256), bool(removed))
            for id_, (name, sha256, removed) in self._ids(
                "document", "name, sha256, removed"
            ).items()
        }
        names = {one.name for one in held.values() if not one.removed}
        claimed: set[str] = set()
        for one in self._contents.documents:
            found, changed = self._same_document(one, held, claimed)
            if found is not None:
                claimed.add(found)
                if held[found].removed:
                    self._there["documents taken out here"] += 1
                else:
                    self._there["documents"] += 1
                    self._documents[one.guid] = found
                    self._put_values(one.named.attributes, attributes, document_id=found)
                continue
            prepared = ready.get(one.guid) or prepare(one.named)
            name = free_name(prepared.name, names)
            if changed:
                self._warnings.append(
                    f'The text of "{one.named.name}" is not the one here: it has changed since, or'
                    f' left with labels for names; it is a document of its own, "{name}".'
                )
            elif name != prepared.name:
                self._warnings.append(
                    f'There was a document "{prepared.name}" already; this one is "{name}".'
                )
            id_ = Documents(self._session).put(
                self._action, prepared, {"name": name}, one.file or one.named.name,
                one.named.attributes,
            )  # fmt: skip
            self._outside.add(id_, ("", one.guid), (SOURCE, one.source))
            self._documents[one.guid] = id_
            self._new_documents.add(id_)
            self._count("documents")

    def _same_document(
        self, one: ForeignDocument, held: Mapping[str, _Document], claimed: set[str]
    ) -> tuple[str | None, bool]:
        """The document that it is here, and whether one of its GUID has another text."""
        sha256 = _sha256(one)
        known = self._outside.rows(one.guid, held)
        same = [id_ for id_ in known if held[id_].sha256 == sha256 and id_ not in claimed]
        if same:
            return min(same, key=lambda id_: held[id_].removed), False
        if known:
            return None, True
        name = one.named.name.casefold()
        for id_, document in held.items():
            # another program may give new ids at every export; empty texts are all alike
            alike = one.named.reading.text.strip() or document.name == name
            if (
                document.sha256 == sha256 and alike
                and not document.removed and id_ not in claimed
            ):  # fmt: skip
                return id_, False
        return None, False

    # Participants

    def _put_participants(self, attributes: Mapping[str, str]) -> None:
        people = self._ids("participant", "label")
        by_label = {str(label): id_ for id_, (label,) in people.items()}
        for one in self._contents.participants:
            known = [*self._outside.rows(one.guid, people)]
            known += [by_label[one.label]] if one.label in by_label else []
            if known:
                id_ = known[0]
                self._there["participants"] += 1
            else:
                id_ = self._action.insert("participant", {"label": one.label})
                self._outside.add(id_, ("", one.guid))
                by_label[one.label] = id_
                people[id_] = (one.label,)
                self._count("participants")
                self._link_speaker(one.label, id_)
            self._participants[one.guid] = id_
            self._put_values(one.attributes, attributes, participant_id=id_)
        self._put_cases()

    def _link_speaker(self, label: str, participant_id: str) -> None:
        speaker = self._db.one(
            "SELECT id FROM speaker WHERE name = ? AND participant_pk IS NULL", label
        )
        if speaker is not None:
            self._action.put("speaker", speaker[0], {"participant_id": participant_id})

    def _put_cases(self) -> None:
        """Say on a document whose it is, where none of its speakers is linked to them."""
        speaks = set(
            self._db.query(
                "SELECT document.id, participant.id FROM label_speaker"
                " JOIN label ON label.pk = label_pk JOIN document ON document.pk = document_pk"
                " JOIN speaker ON speaker.pk = speaker_pk"
                " JOIN participant ON participant.pk = participant_pk"
            )
        )
        cases: dict[str, list[str]] = {}
        for one in self._contents.participants:
            for guid in one.documents:
                document = self._documents.get(guid)
                if document and (document, self._participants[one.guid]) not in speaks:
                    cases.setdefault(document, []).append(one.label)
        if cases:
            attribute = {CASE: put_attribute(self._db, self._action, CASE)}
            for document, labels in cases.items():
                self._put_values({CASE: "; ".join(labels)}, attribute, document_id=document)

    # Codings

    def _put_codings(self, name: str) -> tuple[str | None, list[str]]:
        """Codings into a new round; its name, and the assignments that were made for it."""
        rows = self._db.query(
            "SELECT coding.id, document.id, coder.id, code.id, start, stop FROM coding"
            " JOIN document ON document.pk = document_pk JOIN coder ON coder.pk = coder_pk"
            " JOIN code ON code.pk = code_pk ORDER BY coding.pk"
        )
        on = {row[0]: row[1] for row in rows}
        alike = {tuple(row[1:]): row[0] for row in rows}
        pointed_at = {guid for one in self._contents.kept for guid in guids(one.xml)}
        round_name: str | None = None
        round_id = ""
        assignments: dict[tuple[str, str], str] = {}
        new: dict[str, dict[str, Value]] = {}
        for one in self._contents.codings:
            document = self._documents.get(one.document)
            if document is None:
                self._there["codings of documents taken out here"] += 1
                continue
            coder, code = self._coders[one.coder], self._codes[one.code]
            key = (document, coder, code, one.start, one.stop)
            known = [id_ for id_ in self._outside.rows(one.guid, on) if on[id_] == document]
            known += [alike[key]] if key in alike else []
            if known:
                self._codings[one.guid] = known[0]
                self._there["codings"] += 1
                continue
            if self._outside.knows(one.guid) and document not in self._new_documents:
                self._there["codings removed here"] += 1
                continue
            if round_name is None:
                round_name, round_id = self._open_round(name)
            place = (document, coder)
            if place not in assignments:
                values = {"round_id": round_id, "document_id": document, "coder_id": coder}
                assignments[place] = self._action.insert("assignment", values)
                self._action.finished(round_id, document, coder, False)
            id_ = new_id()
            new[id_] = {
                "round_id": round_id, "document_id": document, "coder_id": coder,
                "code_id": code, "start": one.start, "stop": one.stop,
                "created_at": one.created_at or now(), "made_by": "import",
                "exemplar": int(one.exemplar),
            }  # fmt: skip
            passage = one.selection if one.selection in pointed_at else ""
            self._outside.add(id_, ("", one.guid), (SELECTION, passage))
            alike[key], on[id_], self._codings[one.guid] = id_, document, id_
        self._action.insert_all("coding", new)
        self._count("codings", len(new))
        self._count("assignments", len(assignments))
        return round_name, list(assignments.values())

    def _open_round(self, name: str) -> tuple[str, str]:
        taken = {str(known).casefold() for (known,) in self._ids("round", "name").values()}
        round_name = free_name(f"import {name}", taken)
        values: dict[str, Value] = {
            "name": round_name, "purpose": "import", "blind": 0,
            "segmentation_id": newest_segmentation(self._db),
        }  # fmt: skip
        self._count("rounds")
        return round_name, self._action.insert("round", values)

    # Memos, and what nothing here knows

    def _put_memos(self) -> None:
        """Memos that are not there: of their GUID, or with the same words, on the same thing."""
        targets: dict[Target, Mapping[str, str]] = {
            "document": self._documents, "code": self._codes, "coding": self._codings,
            "participant": self._participants,
        }  # fmt: skip
        rows = self._db.query(
            "SELECT memo.id, coalesce(document.id, code.id, coding.id, participant.id, ''), body"
            " FROM memo LEFT JOIN document ON document.pk = memo.document_pk"
            " LEFT JOIN code ON code.pk = memo.code_pk"
            " LEFT JOIN coding ON coding.pk = memo.coding_pk"
            " LEFT JOIN participant ON participant.pk = memo.participant_pk"
        )
        on = {id_: target for id_, target, _ in rows}
        words = {(target, body): id_ for id_, target, body in reversed(rows)}
        for one in self._contents.memos:
            target = "" if one.on == "project" else targets[one.on].get(one.target)
            if target is None:
                self._there["memos on what is not here"] += 1
                continue
            same = [id_ for id_ in self._outside.rows(one.guid, on) if on[id_] == target]
            same += [words[target, one.body]] if (target, one.body) in words else []
            if same:
                self._memos.setdefault(one.guid, same[0])
                self._there["memos"] += 1
                continue
            values: dict[str, Value] = {
                "coder_id": self._coders.get(one.coder, self._by.id), "body": one.body,
                "created_at": one.created_at or now(),
            }  # fmt: skip
            if target:
                values[f"{one.on}_id"] = target
            id_ = self._action.insert("memo", values)
            self._outside.add(id_, ("", one.guid))
            on[id_], words[target, one.body] = target, id_
            self._memos.setdefault(one.guid, id_)
            self._count("memos")

    def _put_kept(self, attributes: Mapping[str, str]) -> None:
        """Keep what nothing here knows, naming what it leads to as that is called from now on."""
        contents = self._contents
        if not contents.kept:
            return
        held = {one.guid for one in contents.kept}
        sources = {
            one.source: self._documents[one.guid]
            for one in reversed(contents.documents)
            if one.source not in ("", *held) and one.guid in self._documents
        }
        here: dict[str, Mapping[str, str]] = {
            "coder": self._coders, "code": self._codes, "participant": self._participants,
            "document": {**sources, **self._documents}, "coding": self._codings,
            "memo": self._memos,
            "attribute": {one.guid: attributes[one.name] for one in contents.attributes},
        }  # fmt: skip
        known = self._outside.names(id_ for rows in here.values() for id_ in rows.values())
        names = {
            kind: {guid: known[id_] for guid, id_ in rows.items() if known[id_] != guid}
            for kind, rows in here.items()
        }
        rows: dict[str, list[tuple[str, str]]] = {}
        for one in contents.kept:
            rows.setdefault(one.guid, []).append((one.parent, renamed(one.xml, names)))
        for guid, kept in rows.items():
            before = len(self._action.changes)
            self._action.put_layer("kept_xml", [self._origin, guid], kept)
            self._count("kept elements", len(self._action.changes) - before)


def _paths(codes: Iterable[Code]) -> Iterable[tuple[Code, tuple[str, ...]]]:
    """Give each code with the names from the top down to it, folded; parents come first."""
    found: dict[str, tuple[str, ...]] = {}
    for code in codes:
        above = found.get(code.parent or "", ())
        found[code.code] = (*above, _folded(code.title))
        yield code, found[code.code]


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()
