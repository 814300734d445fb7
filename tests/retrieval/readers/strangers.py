"""Files that are no threads, of many kinds and with random contents."""

import base64
import random
from collections.abc import Callable

__all__ = ["BINARY", "PROSE", "strangers"]

_WORDS = (
    "lamp",
    "quay",
    "rope",
    "salt",
    "tide",
    "ferry",
    "oven",
    "bread",
    "crane",
    "stone",
    "wheel",
    "river",
)

PROSE = """\
The gunner slept between two shots, and said that silence woke him.

When they built the horn he asked for a room with a window to the sea.
"""
"""Prose without any sign of a thread."""


def _say(rng: random.Random, most: int = 9) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randint(3, most))).capitalize() + "."


def _many(make: Callable[[int], str], rng: random.Random, between: str = "\n") -> str:
    return between.join(make(number) for number in range(1, rng.randint(4, 14))) + "\n"


def _time(number: int) -> str:
    return f"00:00:{number:02d}"


def _texts(rng: random.Random) -> dict[str, str]:
    """Return a text of each kind by its name."""

    def say() -> str:
        return _say(rng)

    def word() -> str:
        return rng.choice(_WORDS)

    figure = rng.randint(2, 9)
    code = "".join(rng.choice("abcdef0123456789") for _ in range(40))
    return {
        "passwords.csv": "user,password\n" + _many(lambda n: f"{word()}{n},{code[n:]}", rng),
        "measures.tsv": _many(lambda n: f"{n}/12\t{n * figure}\t{word()}", rng),
        "parts.csv": "name,share\n" + _many(lambda n: f"{word()},{n}/{n + 9}", rng),
        "friend.vcf": f"BEGIN:VCARD\nVERSION:3.0\nFN:{word()}\nTEL:555-{figure}\nEND:VCARD\n",
        "day.ics": f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{say()} 1/2\nEND:VEVENT\nEND:VCALENDAR\n",
        "server.log": _many(lambda n: f"2026-01-{n:02d} 10:00:{n:02d} INFO {word()} took {n} ms", rng),
        "progress.log": _many(lambda n: f"Copying {word()} {n}/20", rng),
        "build.log": _many(lambda n: f"[{n}/20] Linking {word()}.o", rng),
        "steps.log": _many(lambda n: f"10:00:{n:02d} Step {n}/20", rng),
        "page.css": _many(lambda n: f".{word()}-{n} {{\n  margin: {n}px;\n}}", rng),
        "drawing.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><text>{say()}</text></svg>\n',
        "feed.xml": f'<?xml version="1.0"?>\n<rss><title>{say()}</title></rss>\n',
        "film.srt": _many(lambda n: f"{n}\n{_time(n)},000 --> {_time(n)},900\n{say()}\n", rng),
        "film.vtt": "WEBVTT\n\n" + _many(lambda n: f"{n}\n{_time(n)}.000 --> {_time(n)}.900\n{say()}\n", rng),
        "numbered.srt": _many(lambda n: f"{n}\n{_time(n)},000 --> {_time(n)},900\n{n}/ {say()}\n", rng),
        "tool.py": f"import os\n\n\ndef {word()}(n):\n    return os.getcwd() + '{say()}'\n",
        "pages.py": "import os\nimport re\n\n\ndef page():\n    return PAGE\n\n\nPAGE = '''\n"
        + _many(lambda n: f"{say()}\n/{n}", rng)
        + "'''\n",
        "records.py": 'import json\nfrom a import b\n\n\ndef made():\n    return {"id": "1", "text": "a", '
        '"author_id": "2", "data": []}\n',
        "tool.js": _many(lambda n: f"const {word()}{n} = {n};\nconsole.log({word()}{n});", rng),
        "tool.c": '#include <stdio.h>\nint main(void) {\n  printf("1/2 %d", 3);\n  return 0;\n}\n',
        "tool.sh": "#!/bin/sh\n" + _many(lambda n: f"echo {word()} {n}/9", rng),
        "tool.rs": _many(lambda n: f'fn {word()}{n}() {{\n    println!("{say()}");\n}}', rng),
        "Tool.java": f"package a.b;\n\npublic class Tool {{\n  static int {word()} = {figure};\n}}\n",
        "tool.sql": _many(lambda n: f"INSERT INTO t VALUES ({n}, '{say()}');", rng),  # noqa: S608 - a dump
        "settings.ini": "[main]\n" + _many(lambda n: f"{word()}{n} = {n}/9", rng),
        "settings.toml": "[tool.a]\n" + _many(lambda n: f'{word()}{n} = "{say()}"', rng),
        "settings.yaml": _many(lambda n: f"{word()}{n}:\n  - {say()}", rng),
        "package.json": f'{{\n  "name": "{word()}",\n  "version": "1.{figure}.0"\n}}\n',
        "list.json": "[" + ",\n".join(f'"{say()}"' for _ in range(figure)) + "]\n",
        "page.html": f"<!doctype html>\n<html><body><p>{say()}</p>\n<p>1/ {say()}</p></body></html>\n",
        "part.html": f"<div><p>{say()}</p></div>\n",
        "change.diff": "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,4 +1,4 @@\n"
        f" {say()}\n /1\n-{say()}\n+{say()}\n /2\n",
        "change.patch": f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n {say()}\n /1\n {say()}\n /2\n",
        "letter.eml": f"Received: from a\nFrom: {word()}@example.org\nSubject: {say()}\n\n"
        f"1/ {say()}\n\n2/ {say()}\n",
        "sent.txt": f"From: {word()}@example.org\nTo: b@example.org\nSubject: {say()}\n\n"
        f"1/ {say()}\n\n2/ {say()}\n",
        "chat.txt": _many(lambda n: f"{n}/01/2026, 10:0{figure} - {word()}: {say()} {n}/9", rng),
        "records.json": f'{{"data": [{{"id": {figure}, "text": "{say()}"}}, {{"id": 1, "text": "a"}}]}}',
        "rows.json": f'{{"data": [{{"id": "{figure}", "text": "{say()}"}}]}}',
        "messages.json": f'[{{"type": "message", "user": "U1", "text": "{say()}", "ts": "1.2"}}]',
        "film.sbv": _many(lambda n: f"0:{_time(n)[3:]}.000,0:{_time(n)[3:]}.900\n{say()}\n", rng),
        "key.pem": f"-----BEGIN PRIVATE KEY-----\n{code}\n{code}\n-----END PRIVATE KEY-----\n",
        "key.b64": base64.encodebytes(rng.randbytes(300)).decode(),
        "paper.tex": "\\documentclass{article}\n\\begin{document}\n"
        + _many(lambda n: f"{say()} ({n})", rng)
        + "\\end{document}\n",
        "bread.txt": "Bread\n\n1/3 cup of salt\n2/3 cup of oil\n"
        + _many(lambda n: f"{n}. {say()}", rng),
        "law.txt": _many(lambda n: f"§ {n} {word()}\n\n({n}) {say()} {say()}", rng, "\n\n"),
        "articles.txt": _many(lambda n: f"({n}) {say()} {say()}", rng, "\n\n"),
        "README.md": f"# {word()}\n\n{say()}\n\n"
        + _many(lambda n: f"{n}. {say()} [x](https://example.org/{n})", rng),
        "todo.md": _many(lambda _: f"- [ ] {say()}", rng),
        "steps.md": _many(lambda n: f"{n}) {say()}", rng, "\n\n"),
        "note.md": f"---\ntitle: {word()}\ntags: [a, b]\n---\n\n{say()}\n\n{say()}\n",
        "blog.md": f"---\nlayout: post\ntitle: {word()}\nauthor: Ada\ndate: 2026-01-0{figure}\n---\n"
        f"{say()}\n",
        "clipped.md": f"---\ntitle: {word()}\nsource: https://example.org/{figure}\ntags:\n"
        f"  - clippings\n---\n{say()} [x](https://example.org)\n\n{say()}\n",
        "paths.txt": _many(lambda n: f"{n}/{word()}.txt", rng),
        "printed.txt": _many(lambda n: f"{say()} {say()}\nPage {n}/20", rng),
        "robots.txt": "User-agent: *\n" + _many(lambda n: f"Disallow: /{n}", rng),
        "diary.txt": _many(lambda _: say(), rng, "\n\n"),
        "one.txt": say(),
        "scenes.txt": f"{say()}\n\n• • •\n\n{say()}\n",
        "odds.txt": f"{say()}\nNobody forgot 9/11\n{say()}\nWe are open 24/7\n{say()}\n50/50 of it\n",
        "minutes.txt": f"{word()}: {say()}\n{word()}: {say()}\n",
        "empty.txt": rng.choice(["", "\n\n", "  \n", "\ufeff"]),
    }  # fmt: skip


BINARY = {
    "photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)),
    "photo.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(99),
    "page.pdf": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
    "letter.rtf": rb"{\rtf1\ansi 1/ One.\par 2/ Two.\par 3/ Three.}",
    "film.mp4": b"\0\0\0\x18ftypmp42" + bytes(range(128)) * 4,
    "packed.gz": b"\x1f\x8b\x08\0" + bytes(range(200)),
    "old.txt": "Grüße aus der Bäckerei, und schöne Tage.".encode("latin-1"),
}
"""What cannot be read as plain text either."""


def strangers(seed: int) -> dict[str, bytes]:
    """Return files that are no threads, by their names; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - examples, no secrets
    made = {name: text.encode() for name, text in _texts(rng).items()}
    ends = rng.choice([b"\n", b"\r\n"])
    return {name: content.replace(b"\n", ends) for name, content in made.items()} | BINARY
