"""What the standard allows, as our own tables say it."""

from __future__ import annotations

import pytest
from lxml import etree

from qualcode.formats.refi_elements import problems

P, C = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
G = "0d62985d-b147-5d01-a9b5-cae5dcd98342"


def found(inside: str, *, namespace: str = P, name: str = ' name="x"') -> list[str]:
    root = "CodeBook" if namespace == C else "Project"
    name = "" if namespace == C else name
    return problems(etree.fromstring(f'<{root} xmlns="{namespace}"{name}>{inside}</{root}>'))


def source(inside: str) -> str:
    return f'<Sources><TextSource guid="{G}">{inside}</TextSource></Sources>'


HUED = f'<Code guid="{G}" name="a" isCodable="true" hue="1"/>'
CODE = f'<Code guid="{G}" name="a" isCodable="true"/>'


@pytest.mark.parametrize(
    "inside",
    [
        "",
        f"<CodeBook><Codes>{CODE}</Codes></CodeBook><Description>d</Description>",
        source(f'<PlainTextContent>t</PlainTextContent><NoteRef targetGUID="{G}"/>'),
        f'<Sources><PDFSource guid="{G}"/><TextSource guid="{G}"/><PDFSource guid="{G}"/></Sources>',
        source(f'<VariableValue><VariableRef targetGUID="{G}"/></VariableValue>'),
        source(
            f'<VariableValue><VariableRef targetGUID="{{{G.upper()}}}"/><DateValue>2026-05-01'
            "</DateValue></VariableValue>"
        ),
    ],
)
def test_what_the_standard_allows_has_no_problem(inside: str) -> None:
    assert found(inside) == []


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("<Users/>", "Users: User is missing"),
        ("<Sources/>", "Sources: it lacks"),
        ("<Notes/><Sources/>", "Project: Sources is not expected"),
        ("<Users/><Users/>", "Project: Users is not expected"),
        ("<CodeBook/>", "CodeBook: Codes is missing"),
        ("<Strange/>", "Project: Strange is not expected"),
        ("words", "Project: text is not expected"),
        ('<Other xmlns="urn:other"/>', "another namespace"),
        (source(f'<NoteRef targetGUID="{G}"/><Description/>'), "Description is not expected"),
        (source('<NoteRef targetGUID="17"/>'), "NoteRef: the attribute targetGUID is no guid"),
        (source(f'<NoteRef guid="{G}"/>'), "NoteRef: the attribute targetGUID is missing"),
        (
            source(f'<PlainTextSelection guid="{G}" startPosition="1.5" endPosition="2"/>'),
            "startPosition is no integer",
        ),
        (
            source(
                f'<VariableValue><VariableRef targetGUID="{G}"/><TextValue/><IntegerValue>1'
                "</IntegerValue></VariableValue>"
            ),
            "two values",
        ),
        (
            source(
                f'<VariableValue><VariableRef targetGUID="{G}"/><IntegerValue>x</IntegerValue>'
                "</VariableValue>"
            ),
            "its text is no integer",
        ),
        (f'<CodeBook><Codes><Code guid="{G}" name="a"/></Codes></CodeBook>', "isCodable is missing"),
        (f"<CodeBook><Codes>{CODE.replace('true', 'yes')}</Codes></CodeBook>", "no boolean"),
        (f"<CodeBook><Codes>{HUED}</Codes></CodeBook>", "no attribute hue"),
    ],
)  # fmt: skip
def test_what_it_does_not_allow_is_named(inside: str, says: str) -> None:
    assert any(says in problem for problem in found(inside)), found(inside)


def test_a_name_is_required_and_the_line_is_told() -> None:
    assert found("", name="") == ["line 1: Project: the attribute name is missing"]


def test_a_codebooks_codes_refer_to_no_notes() -> None:
    code = CODE.replace("/>", f'><NoteRef targetGUID="{G}"/></Code>')
    assert found(f"<CodeBook><Codes>{code}</Codes></CodeBook>") == []
    assert found(f"<Codes>{code}</Codes>", namespace=C)


def test_members_of_a_codebooks_sets_have_a_guid() -> None:
    sets = (
        f'<Codes>{CODE}</Codes><Sets><Set guid="{G}" name="s"><MemberCode guid="{G}"/></Set></Sets>'
    )
    assert found(sets, namespace=C) == []
    assert found(sets.replace("<MemberCode guid", "<MemberCode targetGUID"), namespace=C)


def test_another_version_is_one_problem() -> None:
    assert len(found("<Users/><Users/>", namespace="urn:QDA-XML:project:0:4")) == 1


SELECTION = (
    f'<PlainTextSelection guid="{G}" name="a&#10;b" startPosition="1" endPosition="2">'
    f'<Coding guid="{G}" creationDateTime="2026-05-01T12:00:00Z"><CodeRef targetGUID="{G}"/>'
    "</Coding></PlainTextSelection>\n"
)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('startPosition="1"', 'startPosition="one"'),
        ('startPosition="1" ', ""),
        ('startPosition="1"', 'startPosition="1" hue="2"'),
        (f'targetGUID="{G}"', 'targetGUID="17"'),
        ("12:00:00Z", "25:00:00Z"),
        (f'<CodeRef targetGUID="{G}"/>', ""),
        (f'<CodeRef targetGUID="{G}"/>', f'<CodeRef targetGUID="{G}"> </CodeRef>'),
        ("<CodeRef", "words<CodeRef"),
        ("</Coding>", "</Coding>words"),
        ("</Coding>", '</Coding><Other xmlns="urn:other"/>'),
    ],
)
def test_one_problem_among_many_elements_made_alike_is_found(was: str, becomes: str) -> None:
    many = [SELECTION] * 5
    assert found(source("".join(many))) == []
    many[3] = SELECTION.replace(was, becomes)
    alone = found(source(many[3]))
    assert len(alone) == 1
    among = found(source("".join(many)))
    assert [one.split(": ", 1)[1] for one in among] == [one.split(": ", 1)[1] for one in alone]
