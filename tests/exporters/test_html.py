"""The HTML report: text stays text, nothing runs or loads, and everything can be found."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from qualcode.errors import ExportError
from qualcode.exporters.html import write_html
from qualcode.exporters.report import CodeExcerpts, Excerpts, Part, Quote
from tests.exporters.reports import (
    appendix,
    everything,
    excerpts,
    figures,
    pictured,
    png,
    report,
    transcript,
)


def written(folder: Path, *parts: Part, title: str = "Harbour") -> Path:
    path = folder / "r.html"
    write_html(report(*parts, title=title), path, force=True)
    return path


def parsed(path: Path) -> Any:
    return html.fromstring(path.read_bytes())


def words(page: Any, path: str) -> list[str]:
    return [element.text_content() for element in page.xpath(path)]


def test_its_policy_allows_its_own_style_sheet_and_nothing_else(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, excerpts("One.")))
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = page.xpath("//style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert not page.xpath("//*[@style]"), "the policy would not let it"
    assert not re.search(r"url\(|@import|http:|https:", style.text)


def test_nothing_in_it_runs_loads_or_leads_out(tmp_path: Path) -> None:
    write_html(everything(), tmp_path / "r.html")
    page = parsed(tmp_path / "r.html")
    assert not page.xpath("//script | //link | //iframe | //object | //embed | //form | //base")
    assert not page.xpath("//@srcset | //@*[starts-with(name(), 'on')]")
    assert all(str(source).startswith("data:image/png;") for source in page.xpath("//@src"))
    targets = [str(target) for target in page.xpath("//@href")]
    ids = [str(one) for one in page.xpath("//@id")]
    assert len(set(ids)) == len(ids)
    assert targets
    assert all(target[0] == "#" and target[1:] in ids for target in targets)


def test_texts_are_literal_and_bidi_controls_visible(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> & \"'\u202eevil\x00"
    seen = "<script>alert(1)</script> & \"'[U+202E]evil\ufffd"
    path = written(tmp_path, excerpts(hostile), transcript(hostile, (0, 5), memo=hostile))
    page = parsed(path)
    assert words(page, "//blockquote") == [f"“{seen}”"]
    assert words(page, "//div[@class='turn']/p") == [f"P1 {seen}"]
    assert any(seen in told for told in words(page, "//ul[@class='codings']/li"))
    assert "3 characters cannot stand in a web page" in words(page, "//footer")[0]


def test_it_says_how_many_characters_it_could_not_hold(tmp_path: Path) -> None:
    assert write_html(report(excerpts("a\x00b\x1b")), tmp_path / "r.html") == 2


def test_a_quote_has_the_bar_of_its_code_and_its_attribution(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, excerpts("One.", "Two.", colour="#D55E00")))
    quotes = page.xpath("//figure[contains(@class, 'quote')]")
    assert [quote.get("class") for quote in quotes] == ["quote cD55E00"] * 2
    assert words(page, "//figcaption") == ["P1, officer"] * 2
    assert ".cD55E00{--bar:#D55E00" in page.xpath("//style")[0].text
    assert words(page, "//h3") == ["Warm handoff"]


def test_contents_lead_to_every_part_and_code(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, excerpts("One."), figures(), appendix()))
    assert words(page, "//nav//a") == [
        "Mechanisms", "Warm handoff", "Figures", "Appendix: Codebook",
        "Where this report comes from",
    ]  # fmt: skip
    assert {element.tag for element in page.xpath("/html/body/*")} >= {
        "header", "nav", "main", "footer",
    }  # fmt: skip


def test_tables_have_captions_headers_and_notes(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, figures(), figures()))
    assert words(page, "//caption") == ["Table 1 Agreement", "Table 2 Agreement"]
    assert words(page, "(//table)[1]//th[@scope='col']") == ["Code", "α"]
    assert words(page, "(//table)[1]//th[@scope='row']") == ["trust", "hope"]
    assert words(page, "(//table)[1]//td") == [".83", "–a"]
    assert words(page, "//p[@class='note']") == ["Note. Unit = sentence."] * 2


def test_a_picture_lies_in_the_page_and_sentences_lead_to_it(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, figures(), pictured(width=144)))
    (picture,) = page.xpath("//img")
    assert picture.get("src") == f"data:image/png;base64,{base64.b64encode(png()).decode()}"
    assert (picture.get("alt"), picture.get("width")) == ("Two bars.", "192")
    (link,) = page.xpath("//section//a[.='Figure 1']")
    assert link.getparent().text_content() == "As Figure 1 shows."
    (shown,) = page.xpath(f"//*[@id='{link.get('href')[1:]}']")
    assert shown.text_content().strip() == "Figure 1 Codes by site"


def test_what_was_said_before_a_quote_stands_outside_of_it(tmp_path: Path) -> None:
    quote = Quote([("", "Yes.")], context=[("INT", "Did they call?")])
    code = CodeExcerpts("Trust", "", "1 excerpt", "#0072B2", [quote])
    page = parsed(written(tmp_path, Excerpts("Codes", [code])))
    assert words(page, "//figure/div[@class='quiet']/p") == ["INT: Did they call?"]
    assert words(page, "//blockquote") == ["“Yes.”"]


def test_a_transcript_keeps_its_text_and_tells_each_coding_once(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, transcript("Hello there.\nBye now.", (0, 5), (3, 16))))
    assert words(page, "//div[@class='turn']/p") == ["P1 Hello there.", "P2 Bye now."]
    assert words(page, "//mark") == ["Hel", "lo", " there.", "Bye"]
    assert words(page, "//mark[contains(@class, 'shared')]") == ["lo"]
    told = words(page, "//ul[@class='codings']/li")
    assert told == ["1 trust · anaa memo", "2 fear · bena memo"]
    first, second = page.xpath("//div[@class='turn']")
    assert (len(first.xpath(".//li")), len(second.xpath(".//li"))) == (1, 1)


def test_what_two_coders_gave_the_same_code_is_not_underlined(tmp_path: Path) -> None:
    both = transcript("Hello there.", (0, 5), (3, 11))
    comments = [replace(one, lines=["trust"]) for one in both.comments]
    page = parsed(written(tmp_path, replace(both, comments=comments)))
    assert words(page, "//mark") == ["Hel", "lo", " there"]
    assert not page.xpath("//mark[contains(@class, 'shared')]")


def test_a_coding_between_or_after_all_turns_is_told_all_the_same(tmp_path: Path) -> None:
    for span in ((12, 13), (12, 21)):
        page = parsed(written(tmp_path, transcript("Hello there.\nBye now.", span)))
        assert len(words(page, "//ul[@class='codings']/li")) == 1
    assert len(words(parsed(written(tmp_path, transcript("", (0, 0)))), "//li[b]")) == 1


def test_the_codebook_leaves_out_what_a_code_does_not_say(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, appendix()))
    assert words(page, "//dt") == ["Definition", "Use when", "Do not use when"]
    assert words(page, "//dd") == ["Brief.", "If.", "Not if."]


def test_an_odd_colour_is_grey_and_never_reaches_the_style_sheet(tmp_path: Path) -> None:
    page = parsed(written(tmp_path, excerpts("One.", colour="red}body{display:none")))
    assert page.xpath("//figure/@class") == ["quote c888888"]
    assert "display:none" not in page.xpath("//style")[0].text


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    write_html(everything(), tmp_path / "a.html")
    write_html(everything(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_it_is_its_owners_alone_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    path = written(tmp_path, excerpts("One."))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(ExportError, match="exists already"):
        write_html(report(), path)
    assert path.read_bytes() == before
