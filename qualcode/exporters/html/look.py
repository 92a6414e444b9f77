"""How pages look: on a screen by day and night, on a telephone, and on paper.

Colours of codes are classes, not attributes, so that the style sheet is all of a page's style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualcode.exporters.report import AnnotatedTranscript, Appendix, Excerpts, Report

_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
GREY = "888888"
NIGHT = "16191d"
"""The paper at night."""

_COMMON = """
:root{color-scheme:light dark;--paper:#fff;--text:#1c2126;--quiet:#59636e;--rule:#d5d9e0;
--strong:#1c2126;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--paper:#16191d;--text:#e4e7ea;--quiet:#a3acb5;
--rule:#3a4149;--strong:#c9ced4;--link:#8ab8f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--text);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1,h2,h3{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}
a{color:var(--link)}
table{border-collapse:collapse}
th,td{padding:.3rem .7rem;text-align:left;vertical-align:top}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
sup{line-height:0}
.wide{overflow-x:auto}
.wide:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media print{:root{--paper:#fff;--text:#000;--quiet:#444;--rule:#bbb;--strong:#000;--link:#000}
body{font-size:10pt}.wide{overflow:visible}thead{display:table-header-group}
tr,figure,.turn,.entry{break-inside:avoid}h1,h2,h3,caption{break-after:avoid}
a{text-decoration:none}@page{margin:2cm}}
"""

TABLE = f"""{_COMMON}
main,footer{{padding:0 1.5rem}}main{{padding-top:1rem}}
h1{{font-size:1.4rem}}
.wide{{max-height:85vh;overflow:auto}}
table{{font-size:.9rem}}
td{{border-bottom:1px solid var(--rule);white-space:pre-wrap;min-width:3rem;max-width:40rem;
overflow-wrap:break-word}}
thead th{{position:sticky;top:0;background:var(--paper);border-bottom:2px solid var(--strong)}}
footer{{color:var(--quiet);max-width:60rem;font-size:.9rem;overflow-wrap:anywhere}}
@media print{{.wide{{max-height:none;overflow:visible}}thead th{{position:static}}
table{{font-size:7pt}}@page{{size:landscape}}}}
"""

REPORT = f"""{_COMMON}
.skip{{position:absolute;left:-999px}}.skip:focus{{left:1rem;top:1rem;background:var(--paper)}}
header,nav,main,footer{{max-width:52rem;margin:0 auto;padding:0 1.25rem}}
header{{padding-top:2.5rem}}
h1{{font-size:2rem;margin:0 0 .3rem}}
h2{{font-size:1.45rem;margin:3rem 0 .8rem;padding-bottom:.3rem;
border-bottom:2px solid var(--strong)}}
h3{{font-size:1.1rem;margin:2rem 0 .3rem}}
.subtitle{{font-size:1.1rem;margin:0}}.quiet,.counts{{color:var(--quiet)}}.counts{{margin:.3rem 0}}
.quiet p{{margin:.4rem 0;font-size:.92rem}}
nav h2{{font-size:1rem;border:0;margin:1.5rem 0 .3rem;padding:0}}
nav ol{{list-style:none;margin:0;padding:0}}nav ol ol{{padding-left:1rem;font-size:.92rem}}
nav a{{text-decoration:none;display:block;padding:.12rem 0;overflow-wrap:anywhere}}
nav a:hover{{text-decoration:underline}}
p{{margin:.5rem 0}}
p,.codings li,dd,blockquote,figcaption,caption,td,th{{overflow-wrap:break-word;
white-space:pre-line}}
figure{{margin:1rem 0}}
.quote{{border-inline-start:4px solid var(--bar,#888);padding:.1rem 0 .1rem 1rem}}
blockquote{{margin:0}}blockquote p{{margin:.2rem 0}}
figcaption{{color:var(--quiet);font-size:.9rem;margin-top:.15rem}}
figcaption b{{color:var(--text)}}.picture figcaption{{color:inherit;font-size:1rem;
margin-bottom:.5rem}}
.definition{{font-style:italic}}
caption{{text-align:left;padding-bottom:.5rem;caption-side:top}}
caption b,.picture b{{display:block}}
.printed{{font-size:.92rem;border-bottom:2px solid var(--strong);width:100%}}
.printed th,.printed td{{padding:.3rem .5rem}}
.printed thead th{{border-top:2px solid var(--strong);border-bottom:1px solid var(--strong);
vertical-align:bottom}}
.printed .n+:not(.n){{padding-left:1.2rem}}
.printed tbody th{{font-weight:400}}.printed .strong{{font-weight:700}}
.i1{{padding-left:1.6rem!important}}.i2{{padding-left:2.7rem!important}}
.i3{{padding-left:3.8rem!important}}.i4{{padding-left:4.9rem!important}}
.note{{font-size:.87rem;margin:.5rem 0 2rem}}
.turn{{display:grid;grid-template-columns:2.5rem minmax(0,1fr);column-gap:.5rem;margin:.7rem 0}}
.turn .no{{color:var(--quiet);font-size:.8rem;text-align:right;padding-top:.2rem}}
.turn p{{margin:0;grid-column:2}}
.who{{font-weight:600}}
mark{{background:var(--tint,#ddd);color:inherit;border-radius:2px}}
mark.shared{{text-decoration:underline;text-underline-offset:3px}}
.ref{{font-size:.72em;vertical-align:super;line-height:0;text-decoration:none;padding:0 .15em}}
.ref::after{{content:attr(data-n)}}
.codings{{grid-column:2;list-style:none;margin:.3rem 0 0;padding:0;font-size:.83rem;
line-height:1.35}}
.codings li{{border-inline-start:3px solid var(--bar,#888);padding-left:.5rem;margin:.25rem 0;
color:var(--quiet)}}
.codings b{{color:var(--text);font-weight:600}}
.codings a{{text-decoration:none}}
.entry{{border-inline-start:4px solid var(--bar,#888);padding-left:1rem;margin:1.5rem 0}}
.entry h3{{margin:0}}.entry .facts{{color:var(--quiet);font-size:.87rem;margin:0}}
dl{{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:.3rem 1rem;margin:.5rem 0}}
dt{{color:var(--quiet);font-size:.9rem}}dd{{margin:0}}dd p{{margin:0 0 .3rem}}
.facts-table th{{font-weight:600;white-space:nowrap}}.facts-table td{{overflow-wrap:anywhere}}
.facts-table th,.facts-table td{{border-bottom:1px solid var(--rule);padding-left:0}}
img{{max-width:100%;height:auto;background:#fff}}
footer{{color:var(--quiet);font-size:.87rem;padding-top:2rem;padding-bottom:3rem}}
@media (min-width:78rem){{body{{display:grid;grid-template-columns:19rem minmax(0,1fr)}}
header,main,footer{{grid-column:2;margin:0;padding-left:2.5rem;width:100%;max-width:60rem}}
nav{{grid-column:1;grid-row:1/span 3;position:sticky;top:0;height:100vh;overflow-y:auto;margin:0;
padding:1rem 1.25rem;border-right:1px solid var(--rule);font-size:.92rem}}
.turn{{grid-template-columns:2.5rem minmax(0,1fr) 17rem}}.codings{{grid-column:3;margin-top:0}}}}
@media (max-width:36rem){{dl{{grid-template-columns:1fr;gap:0}}dd{{margin-bottom:.5rem}}
h1{{font-size:1.6rem}}.turn{{grid-template-columns:1.8rem minmax(0,1fr)}}
.facts-table th{{white-space:normal}}}}
@media print{{header,nav,main,footer{{max-width:none;padding:0}}
section>h2{{break-before:page}}nav a{{color:inherit}}
.printed tbody tr:nth-child(-n+2),.printed tbody tr:last-child,.note{{break-before:avoid}}
mark,.quote,.entry,.codings li{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}}}
"""


def colour_class(colour: str) -> str:
    """The class of a code's colour; that of grey for anything but ``#RRGGBB``."""
    return f"c{_hex(colour)}"


def colours_of(report: Report) -> str:
    """The classes of every colour in a report: of bars and tints, by day and by night."""
    found = sorted({_hex(colour) for colour in _colours(report)})
    day = [f".c{one}{{--bar:#{one};--tint:#{_mix(one, 'FFFFFF', 0.3)}}}" for one in found]
    night = [
        f".c{one}{{--bar:#{_mix(one, 'FFFFFF', 0.65)};--tint:#{_mix(one, NIGHT, 0.5)}}}"
        for one in found
    ]
    return (
        f"@media screen,print{{{''.join(day)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{{''.join(night)}}}\n"
    )


def _colours(report: Report) -> Iterator[str]:
    for part in report.parts:
        if isinstance(part, Excerpts):
            yield from (code.colour for code in part.codes)
        elif isinstance(part, AnnotatedTranscript):
            yield from (comment.colour for comment in part.comments)
        elif isinstance(part, Appendix):
            yield from (entry.colour for entry in part.entries)


def _hex(colour: str) -> str:
    return colour[1:].upper() if _COLOUR.fullmatch(colour) else GREY


def _mix(colour: str, paper: str, strength: float) -> str:
    """A colour mixed with that of the paper."""
    pairs = [(int(colour[at : at + 2], 16), int(paper[at : at + 2], 16)) for at in (0, 2, 4)]
    return "".join(f"{round(under + (over - under) * strength):02X}" for over, under in pairs)
