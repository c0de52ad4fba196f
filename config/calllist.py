"""The printed call list, for the day the bot is dead: plain text, and a page for the printer.

Everything in it comes from the region's own files; people are named by function.
"""

from collections.abc import Iterable
from html import escape

from config.catalogue import Texts
from config.entry import Language
from config.load import Folder
from config.people import PersonEntry
from config.protocol import Protocol
from config.region import Partner
from config.wording import capital, date_with_year

_STYLE = """
@page { size: A4; margin: 15mm }
body { font: 12pt/1.4 sans-serif; color: #000; background: #fff; max-width: 180mm }
h1 { font-size: 20pt; margin: 0 } h2 { font-size: 14pt; margin: 6mm 0 1mm }
section { break-inside: avoid; border-top: 1px solid #000 }
p { margin: 1mm 0 } ol { margin: 1mm 0; padding-left: 8mm }
.call { font-size: 15pt; font-weight: bold }
"""
_STEPS = 6


def call_list_text(folder: Folder, now: int, language: Language | None = None) -> str:
    """Plain UTF-8 text. `now` (UTC epoch milliseconds) is printed as the date it was made."""
    language = language or folder.region.language
    texts = Texts(language)
    title, *intro = _intro(folder, texts, now)
    lines = [title, "=" * len(title), *intro, "", *_heading(texts.get("calllist.todo"))]
    lines += [f"{number}. {step}" for number, step in enumerate(_steps(folder, texts), start=1)]
    for partner in folder.region.partners:
        lines += ["", *_heading(partner.label.heading(language))]
        lines += [_call(partner, texts), *_details(folder, partner, texts)]
        lines.append(texts.get("calllist.phoned"))
    lines += ["", *_heading(texts.get("calllist.kinds")), *_kinds(folder, texts)]
    return "\n".join(lines) + "\n"


def call_list_html(folder: Folder, now: int, language: Language | None = None) -> str:
    """One A4 page or two, without scripts and without anything from elsewhere."""
    language = language or folder.region.language
    texts = Texts(language)
    title, *intro = _intro(folder, texts, now)
    parts = [f"<h1>{escape(title)}</h1>", *_paragraphs(intro)]
    parts.append(f"<section><h2>{escape(texts.get('calllist.todo'))}</h2><ol>")
    parts += [f"<li>{escape(step)}</li>" for step in _steps(folder, texts)]
    parts.append("</ol></section>")
    for partner in folder.region.partners:
        parts.append(f"<section><h2>{escape(partner.label.heading(language))}</h2>")
        parts.append(f'<p class="call">{escape(_call(partner, texts))}</p>')
        parts += _paragraphs([*_details(folder, partner, texts), texts.get("calllist.phoned")])
        parts.append("</section>")
    parts.append(f"<section><h2>{escape(texts.get('calllist.kinds'))}</h2>")
    parts += [*_paragraphs(_kinds(folder, texts)), "</section>"]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{language}">\n'
        f"<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _intro(folder: Folder, texts: Texts, now: int) -> list[str]:
    return [
        texts.get("calllist.title", region=folder.region.name),
        texts.get("calllist.danger"),
        texts.get("calllist.when"),
        texts.get("calllist.printed", date=date_with_year(now, texts.language)),
    ]


def _steps(folder: Folder, texts: Texts) -> list[str]:
    number = folder.region.help_number
    steps = [texts.get(f"calllist.todo.{n}", help_number=number) for n in range(1, _STEPS + 1)]
    dial_in = folder.region.meeting.dial_in
    return [*steps, texts.get("calllist.dial_in", number=dial_in)] if dial_in else steps


def _call(partner: Partner, texts: Texts) -> str:
    desk = partner.desk_name.of(texts.language)
    return texts.get("calllist.desk", desk=desk, number=partner.desk_number)


def _details(folder: Folder, partner: Partner, texts: Texts) -> list[str]:
    functions = ", ".join(function.of(texts.language) for function in partner.functions)
    listed = [person for person in folder.people.values() if person.partner == partner.key]
    lines = [texts.get("calllist.functions", functions=functions)]
    if listed:
        lines.append(texts.get("calllist.listed", labels=", ".join(_labels(listed))))
    return lines


def _labels(people: Iterable[PersonEntry]) -> list[str]:
    return list(dict.fromkeys(person.label for person in people))


def _kinds(folder: Folder, texts: Texts) -> list[str]:
    return [
        texts.get(
            "calllist.kind",
            Kind=protocol.name.heading(texts.language),
            partners=", ".join(_called(folder, protocol, texts)),
        )
        for protocol in folder.protocols.values()
    ]


def _called(folder: Folder, protocol: Protocol, texts: Texts) -> list[str]:
    called = []
    for page in protocol.pages:
        label = folder.region.partner(page.partner).label.of(texts.language)
        if page.only_with_children:
            label = texts.get("calllist.kind_children", partner=label)
        called.append(label)
    return called


def _heading(text: str) -> list[str]:
    return [capital(text), "-" * len(text)]


def _paragraphs(lines: Iterable[str]) -> list[str]:
    return [f"<p>{escape(line)}</p>" for line in lines]
