"""What an enemy names a thing to get out of a folder, or to break what reads the name."""

from __future__ import annotations

STEPS = ("../", "..\\", "/", "//", "....//", "%2e%2e/", "..%2f", "\\\\", "C:/", "C:\\", "./../")
ENDS = ("x", "etc/passwd", "../x", "../../../../tmp/x", "..")

PATHS = (
    *(step + end for step in STEPS for end in ENDS),
    *("..", ".", "", "/", "\\", "../", "a/..", "a/../../x", "a/../..", "../" * 40 + "x"),
    *("\0", "x\0", "../\0", "x\0/../../y", "a\nb", "a\rb", "\x1b[2J", "\x7f"),
    *("~/x/../../y", "file:///../x", "\\\\host\\share\\x", "..\\..\\windows\\win.ini"),
)

LOCALES = (
    *PATHS,
    *("../../etc", "en/../x", "es_../..", "es.UTF-8", "es@euro", "es;rm", "es es", " es", "es\n"),
    *("xx", "zz-ZZ", "und", "root", "mul", "x-private", "i-klingon", "english", "-", "_", "e", "1"),
    *("es-ES-ES", "e" * 5_000, "es-" + "x-" * 500, "\u0435\u0441", "es\u2013MX", "\ud800"),
)
