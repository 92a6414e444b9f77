"""Theme tables without counts of one or two participants, each and all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.model import Cell, Table
from qualcode.reports.suppressed import few_in_crosstab, small_counts, suppressed

FLAT = {"trust": None, "fear": None}
FAMILY = {"trust": None, "hope": "trust"}

TABLE = Table(
    "frequency",
    ["code", "group", "codings", "participants", "n_participants", "top_participant"],
    [
        ("trust", "*", 12, 8, 20, "P1"),
        ("trust", "officer", 8, 5, 12, "P1"),
        ("trust", "sergeant", 3, 2, 2, "S1"),
        ("trust", "nurse", 1, 1, 6, "N1"),
        ("fear", "*", 7, 2, 20, "P1"),
        ("fear", "officer", 6, 1, 12, "P1"),
        ("fear", "sergeant", 0, 0, 2, None),
        ("fear", "nurse", 1, 1, 6, "N1"),
    ],
)


def test_small_counts_go_and_what_would_give_them_away() -> None:
    rows = [row[1:5] for row in suppressed([TABLE], 3, FLAT)[0].rows]
    assert rows == [
        ("*", 12, 8, 20),
        ("officer", 8, 5, 12),
        ("sergeant", 3, "<3", "<3"),  # 8 - 5 = 3: the sergeants are 1 and the nurses 2, or not
        ("nurse", 1, "<3", "withheld"),  # 20 - 12 = 8 would tell 2 and 6
        ("*", 7, "<3", 20),
        ("officer", None, "withheld", 12),  # what two people say is not broken down at all
        ("sergeant", None, "withheld", "<3"),
        ("nurse", None, "withheld", "withheld"),
    ]


def test_who_stands_behind_a_small_count_goes_with_it_and_a_note_says_so() -> None:
    (table,) = suppressed([TABLE], 3, FLAT)
    assert [row["top_participant"] for row in table] == ["P1", "P1", *[None] * 6]
    assert table.notes[-1].startswith(
        "Counts of 1 to 2 participants are printed as <3 (5) and not broken down; 5 more"
    )
    assert table.provenance["suppressed_below"] == 3


def test_small_counts_are_counted() -> None:
    assert small_counts(TABLE, 3) == 6
    assert small_counts(suppressed([TABLE], 3, FLAT)[0], 3) == 0


def crossed(*lines: tuple[str | None, list[int]], percent: str = "none") -> Table:
    """A crosstab of participants: code → a count for each group, the base row's code None."""
    columns = ["code", "kind", "group", "group_2", "cell", "value", "base", "percent", "reason"]
    base = [sum(lines[0][1]), *lines[0][1]]
    rows: list[tuple[Cell, ...]] = []
    for code, counts in lines:
        row = [sum(counts), *counts]
        for at, value in enumerate(row):
            of = None if code is None else row[0] if percent == "row" else base[at]
            share = None if percent == "none" or not of else 100 * value / of
            group = "*" if not at else f"g{at}"
            kind = "base" if code is None else "theme"
            rows.append((code, kind, group, None, "participants", value, of, share, None))
    return Table("crosstab", columns, rows, (), {"percent": percent, "by": ["site"]})


def printed(table: Table, column: str = "value") -> list[list[Cell]]:
    values = table.column(column)
    width = len(dict.fromkeys(table.column("group")))
    return [list(values[at : at + width]) for at in range(0, len(values), width)]


def test_a_second_cell_of_a_crosstab_goes_where_the_total_would_tell() -> None:
    (table,) = suppressed([crossed((None, [9, 8, 9]), ("trust", [1, 4, 6]))], 3, FLAT)
    assert printed(table) == [[26, 9, 8, 9], [11, "<3", "withheld", 6]]
    assert few_in_crosstab(table, 3) == 0
    assert "(1) and not broken down; 1 more is withheld, " in table.notes[-1]


def test_a_table_without_small_counts_says_that_none_was_taken_out() -> None:
    (table,) = suppressed([crossed((None, [9, 8, 9]), ("trust", [5, 4, 6]))], 3, FLAT)
    assert table.notes[-1].endswith(" are printed as <3 (0) and not broken down.")


def test_a_second_cell_has_room_in_the_base_row() -> None:
    # All 4 of the second group trust: of 6 in both that would leave 2 for the first.
    (table,) = suppressed([crossed((None, [9, 4, 9]), ("trust", [2, 4, 6]))], 3, FLAT)
    assert printed(table)[1] == [12, "<3", 4, "withheld"]


def test_a_base_of_few_people_goes_wherever_it_stands() -> None:
    table = crossed((None, [2, 8, 9]), ("trust", [0, 4, 6]), percent="column")
    (table,) = suppressed([table], 3, FLAT)
    assert printed(table)[0] == [19, "<3", "withheld", 9]
    assert printed(table, "base")[1] == [19, "<3", "withheld", 9]
    assert printed(table, "percent")[1] == [1000 / 19, None, None, 600 / 9]
    assert printed(table, "reason")[1] == [None, "suppressed", "suppressed", None]


def test_a_percentage_of_a_total_of_few_people_is_not_told() -> None:
    table = crossed((None, [8, 9]), ("trust", [1, 1]), percent="row")
    (table,) = suppressed([table], 3, FLAT)
    assert printed(table)[1] == ["<3", "withheld", "withheld"]
    assert printed(table, "base")[1] == ["<3"] * 3
    assert printed(table, "percent")[1] == [None] * 3


def test_counts_of_anything_but_people_stay() -> None:
    table = crossed((None, [9, 8]), ("trust", [1, 4]))
    rows = [(*row[:4], "codings" if row[0] else row[4], *row[5:]) for row in table.rows]
    same = Table("crosstab", table.columns, rows, (), table.provenance)
    assert printed(suppressed([same], 3, FLAT)[0]) == printed(same)


def test_a_count_is_printed_the_same_way_in_all_tables() -> None:
    # By site alone 5 = 4 + 1 needs one more cell; by role all could stay. Together none may tell.
    site = crossed((None, [9, 9]), ("trust", [2, 2]))
    whole = Table(
        "frequency",
        ["code", "group", "participants", "n_participants"],
        [("trust", "*", 4, 18)],
    )
    joint = Table(
        "joint",
        ["code", "attribute", "value", "participants", "n_participants", "measure"],
        [("trust", "Site", "g1", 2, 9, "arrests"), ("trust", "Site", "g1", 2, 9, "calls")],
    )
    first, second, third = suppressed([whole, site, joint], 3, FLAT)
    assert first.rows[0][2:] == (4, 18)
    assert printed(second)[1] == [4, "<3", "withheld"]
    assert [row[3] for row in third.rows] == ["<3", "<3"]


def test_a_second_cell_has_room_in_the_code_above_it() -> None:
    table = crossed((None, [9, 9]), ("trust", [6, 4]), ("hope", [2, 4]))
    (alone,) = suppressed([table], 3, {"trust": None, "hope": None})
    assert printed(alone)[1:] == [[10, 6, 4], [6, "<3", "withheld"]]
    (below,) = suppressed([table], 3, FAMILY)  # of the 4 who trust no 5 can hope
    assert printed(below)[1:] == [[10, "withheld", "withheld"], [6, "<3", "withheld"]]


def test_a_pair_of_codes_is_no_more_than_either() -> None:
    pairs = Table(
        "cooccurrence",
        ["code_a", "code_b", "participants", "n_participants"],
        [("trust", "fear", 1, 20)],
    )
    whole = Table(
        "frequency",
        ["code", "group", "participants", "n_participants"],
        [("trust", "*", 8, 20), ("fear", "*", 1, 20)],
    )
    shown = suppressed([whole, pairs], 3, FLAT)
    assert [row[2] for row in shown[0].rows] == [8, "<3"]
    assert [row[2] for row in shown[1].rows] == ["<3"]


class Person(NamedTuple):
    site: str
    role: str
    codes: frozenset[str]


PLACES = [("north", "nurse"), ("north", "officer"), ("south", "nurse"), ("south", "officer")]
GROUPS: list[Mapping[str, str]] = [
    {},
    *({"site": site} for site in ("north", "south")),
    *({"role": role} for role in ("nurse", "officer")),
    *({"site": site, "role": role} for site, role in PLACES),
]
LINES = (None, "trust", "hope")
SOMEBODY = "withheld, with codings beside it"


def held(group: Mapping[str, str], place: tuple[str, str]) -> bool:
    return all(dict(zip(("site", "role"), place, strict=True))[k] == v for k, v in group.items())


def count(people: Sequence[Person], code: str | None, group: Mapping[str, str]) -> int:
    there = [one for one in people if held(group, (one.site, one.role))]
    return sum(code is None or code in one.codes for one in there)


def tables(people: Sequence[Person]) -> list[Table]:
    """What a report would print of them: frequencies, two crosstabs, and the evidence."""
    codes = LINES[1:]
    frequency = Table(
        "frequency",
        ["code", "group", "participants", "n_participants"],
        [(code, "*", count(people, code, {}), len(people)) for code in codes],
    )
    crosstabs = []
    for name, values in (("site", ("north", "south")), ("role", ("nurse", "officer"))):
        lines = [(code, [count(people, code, {name: v}) for v in values]) for code in LINES]
        table = crossed(*lines)
        rows = [(*r[:2], "*" if r[2] == "*" else values[int(str(r[2])[1]) - 1], *r[3:]) for r in
                table.rows]  # fmt: skip
        facts = {"percent": "none", "by": [name]}
        crosstabs.append(Table("crosstab", table.columns, rows, (), facts))
    rows = [
        (
            code,
            *place,
            count(people, code, here),
            count(people, code, here),
            count(people, None, here),
        )
        for code in codes
        for place in (("*", "*"), *PLACES)
        for here in [{} if place[0] == "*" else {"site": place[0], "role": place[1]}]
        if count(people, None, here)
    ]
    evidence = Table(
        "evidence",
        ["code", "site", "stakeholder", "codings", "participants", "n_participants"],
        rows,
        (),
        {"site": "site", "stakeholder": "role"},
    )
    return [frequency, *crosstabs, evidence]


def shown_of(made: Sequence[Table]) -> dict[tuple[str | None, tuple[tuple[str, str], ...]], Cell]:
    """What is printed of each count, which must be the same in every table."""
    found: dict[tuple[str | None, tuple[tuple[str, str], ...]], Cell] = {}
    frequency, by_site, by_role, evidence = made
    said: list[tuple[Any, dict[str, Any], Cell]] = []
    for row in frequency:
        said += [(row["code"], {}, row["participants"]), (None, {}, row["n_participants"])]
    for table, name in ((by_site, "site"), (by_role, "role")):
        said += [
            (row["code"], {} if row["group"] == "*" else {name: row["group"]}, row["value"])
            for row in table
        ]
    for row in evidence:
        place: dict[str, Any] = {"site": row["site"], "role": row["stakeholder"]}
        where = {} if row["site"] == "*" else place
        value = row["participants"]
        if where and row["codings"] and value == "withheld":
            value = SOMEBODY
        said += [(row["code"], where, value), (None, where, row["n_participants"])]
    for code, group, value in said:
        assert found.setdefault((code, tuple(group.items())), value) == value
    return found


def fitting(
    shown: Mapping[tuple[str | None, tuple[tuple[str, str], ...]], Cell], n: int
) -> dict[str | None, list[tuple[int, ...]]]:
    """Every number of people at each place that prints the same, for each line."""

    def allowed(code: str | None, cells: tuple[int, ...]) -> bool:
        line = [shown.get((code, tuple(group.items()))) for group in GROUPS]
        whole = all(isinstance(value, str | None) for value in line[code is None :])
        for group, value in zip(GROUPS, line, strict=True):
            total = sum(c for c, place in zip(cells, PLACES, strict=True) if held(group, place))
            above = [
                shown.get((code, tuple(other.items())))
                for other in GROUPS
                if other.items() < group.items()
            ]
            if value == "<3":
                fits = total in (1, 2)
            elif value == "withheld":  # nobody only where few are not broken down
                fits = total >= 1 or whole or any(isinstance(one, str) for one in above)
            elif value == SOMEBODY:
                fits = total >= 1
            else:
                fits = total == (value or 0)  # no row: nobody is there
            if not fits:
                return False
        return True

    every = [cells for cells in product(range(n + 3), repeat=4) if sum(cells) <= n + 2]
    base, trust, hope = ([cells for cells in every if allowed(code, cells)] for code in LINES)
    trust = [one for one in trust if any(below(one, all_) for all_ in base)]
    trust = [one for one in trust if any(below(last, one) for last in hope)]
    return {
        None: [all_ for all_ in base if any(below(one, all_) for one in trust)],
        "trust": trust,
        "hope": [last for last in hope if any(below(last, one) for one in trust)],
    }


def below(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


CODES = st.sampled_from([frozenset(), frozenset({"trust"}), frozenset({"trust", "hope"})])
PEOPLE = st.lists(
    st.builds(
        lambda place, codes: Person(place[0], place[1], codes), st.sampled_from(PLACES), CODES
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=50, deadline=None)
@given(PEOPLE)
def test_no_count_of_few_can_be_worked_out_from_all_tables_of_a_report(
    people: list[Person],
) -> None:
    shown = shown_of(suppressed(tables(people), 3, FAMILY))
    possible = fitting(shown, len(people))
    for code in LINES:
        for group in GROUPS:
            value = count(people, code, group)
            totals = {
                sum(c for c, place in zip(cells, PLACES, strict=True) if held(group, place))
                for cells in possible[code]
            }
            assert value in totals
            if value and (value < 3 or isinstance(shown.get((code, (*group.items(),))), str)):
                assert len(totals) > 1
