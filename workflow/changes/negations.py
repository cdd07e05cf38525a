"""Words that turn a sentence round, by language: only those that do nothing else."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = {
    "ar": "لا لم لن ليس ليست غير بدون",
    "ca": "no mai cap sense ningú gens",
    "cs": "ne není nejsou nikdy nikdo bez žádný žádné",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne",
    "el": "δεν μην όχι ποτέ κανένας χωρίς",
    "en": "not no never none nobody nothing nowhere neither nor without cannot",
    "es": "no nunca jamás ningún ninguna ninguno nadie nada sin tampoco",
    "fa": "نه نیست بدون هیچ",
    "fr": "ne pas jamais aucun aucune rien sans ni non",
    "he": "לא אין אינו אינה בלי ללא אל",
    "hi": "नहीं न मत बिना",
    "id": "tidak bukan jangan tanpa belum",
    "it": "non mai nessuno nessuna niente nulla senza né",
    "nl": "niet geen nooit niemand niets zonder",
    "pl": "nie nigdy nikt nic bez żaden żadna",
    "pt": "não nunca jamais nenhum nenhuma ninguém nada sem nem",
    "ro": "nu niciodată nimeni nimic fără",
    "ru": "не нет никогда никто ничего без ни нельзя",
    "sv": "inte ingen inget inga aldrig utan",
    "tr": "değil yok asla hiç hiçbir olmadan",
    "uk": "не ні немає ніколи ніхто нічого без",
    "zh": "不 没 沒 未 勿",
}
_MORE = {"en": r"|\w{2,12}n[’']t", "fa": r"|نمی[\w\u200c]{0,40}"}
"""What is no word of its own. Turkish negates by a suffix, which is not looked for."""


def negations(text: str, language: str) -> list[str]:
    """The negating words of a text in lower case, in order; `language` is a BCP 47 tag."""
    finder = _finder(language.partition("-")[0].lower())
    return [found[0].casefold() for found in finder.finditer(text)] if finder else []


@lru_cache(maxsize=64)
def _finder(language: str) -> re.Pattern[str] | None:
    words = _WORDS.get(language, "").split()
    if not words:
        return None
    if language == "zh":
        return re.compile(f"[{''.join(words)}]")
    more = _MORE.get(language, "")
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))}{more})\b", re.IGNORECASE)
