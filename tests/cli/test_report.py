"""The page that `thermalsat report` writes."""

from __future__ import annotations

import html.parser
import json
import re
import sys

import pytest
from cli_answers import capability, small_orbit

import thermalsat as ts
from thermalsat import capability as asked
from thermalsat.cli import main
from thermalsat.cli.page import Page
from thermalsat.errors import InfeasibleError


class Reader(html.parser.HTMLParser):
    """Tags that are open, and everything that is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "href", "xlink:href") and not str(value).startswith(("#", "data:")):
                self.links.append(f"{tag} {value}")
            if name == "id":
                self.ids.append(value)
        if tag not in ("meta", "img", "br", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def answers(monkeypatch):
    orbit = small_orbit()
    peak = capability(kind="peak", duration_s=600.0, power_W=151e3, base_W=120e3)
    monkeypatch.setattr(asked, "periodic", lambda sat, case: orbit)
    monkeypatch.setattr(asked, "sustained_power", lambda sat: capability())
    monkeypatch.setattr(asked, "peak_power", lambda sat: peak)
    monkeypatch.setattr(asked, "peak_duration", lambda sat: peak)


def read(path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def test_the_page_stands_on_its_own(answers, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    path = tmp_path / "leo.html"
    assert main(["report", "leo-53", "-o", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    page = read(path)
    assert page.open == []
    assert page.links == []
    assert len(set(page.ids)) == len(page.ids)
    words = " ".join(page.words)
    sat = ts.designs.load("leo-53")
    assert all(name in words for name in sat.provenance)
    assert all(source.citation in words for source in sat.sources.values())
    assert "123.5 kW" in words
    assert "compute -> junction" in words
    assert path.read_text(encoding="utf-8").count("<svg") == 2 * len(sat.cases)


def test_the_page_is_the_same_every_time(answers, tmp_path):
    pytest.importorskip("matplotlib")
    for name in ("a.html", "b.html"):
        assert main(["report", "leo-53", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_what_has_no_answer_is_told_in_the_page(answers, tmp_path, capsys, monkeypatch):
    pytest.importorskip("matplotlib")

    def refuse(sat):
        raise InfeasibleError("no peak margin: the junction is exceeded by 3 K")

    monkeypatch.setattr(asked, "peak_power", refuse)
    path = tmp_path / "leo.html"
    assert main(["report", "leo-53", "-o", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert told["peak_power"] == {"infeasible": "no peak margin: the junction is exceeded by 3 K"}
    assert told["sustained_power"]["power_kW"] == pytest.approx(123.456)
    assert "exceeded by 3 K" in path.read_text(encoding="utf-8")


def test_the_default_file_has_the_name_of_the_design(answers, tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    assert main(["report", "dawn-dusk"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["dawn-dusk.html"]


def test_the_extra_is_asked_for_before_any_work(answers, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["report", "leo-53", "-o", str(tmp_path / "leo.html")]) == 2
    assert 'pip install "thermalsat[plot]"' in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_page_shows_text_as_text():
    page = Page("a <b> & c")
    page.text("</script><script>alert(1)</script>")
    page.table([["<i>"], ["1 < 2"]])
    text = page.html()
    assert "<script" not in text
    assert re.search(r"<h1>a &lt;b&gt; &amp; c</h1>", text)
    assert "1 &lt; 2" in text
