"""Names of persons: without titles, down to the family name, and as a transcript's labels write them."""

from __future__ import annotations

import re

from stance.text.lexicon import words

_HONOURS = re.compile(r"\b(?:MP|MEP|TD|KC|QC|MBE|CBE|OBE|PhD)\b.*$")


def singular(noun: str) -> str:
    """The singular of a regular English noun."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith("sses"):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


def strip_titles(name: str) -> str:
    """A name without titles and honours, in mixed case: "H.E. Mr. ALVARO RUIZ, MP" is "Alvaro Ruiz"."""
    name = _HONOURS.sub("", re.sub(r"\bH\.\s?E\.\s*|\(ret\.?d?\)\s*", "", name)).strip(" ,.")
    kept = name.split()
    while len(kept) > 1 and (_is_title(kept[0]) or not kept[0][0].isalpha()):
        kept = kept[1:]
    while kept and kept[-1].islower():
        kept = kept[:-1]
    return " ".join(_mixed_case(word) for word in kept)


def family_name(name: str) -> str:
    """The last word of a name with its particles ("de Waal"); the first word, where family names come first."""
    parts = name.split()
    if 1 < len(parts) < 4 and parts[0].lower() in words("family_first") and parts[1][0].isupper() and len(parts[1]) > 2:
        return parts[0]
    start = len(parts) - 1
    while start > 0 and (parts[start - 1].lower() in words("particles") or parts[start - 1] in ("Ó", "Ní", "Mac")):
        start -= 1
    return " ".join(parts[start:])


def label_name(label: str) -> str:
    """The person or office that a transcript's label names.

    "Mr. Gerald Moss (Upper Dale) (Ind)" and "The Minister (Mr. Moss)" are Moss, "THE CHAIRMAN" is the Chairman.
    """
    inside = re.search(r"\(([^()]*)\)\W*$", label)
    if inside and re.match(r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady)\b", inside[1]):
        return family_name(strip_titles(inside[1]))
    bare = re.sub(r"\([^()]*\)", "", label).split(",")[0].strip()
    name = strip_titles(bare)
    if name and not (name.lower() in words("titles") or singular(name.lower()) in words("roles")):
        return family_name(name) if name != bare or " " in name else _mixed_case(name)
    office = re.sub(r"^the\s+", "", bare, flags=re.IGNORECASE)
    return "the " + " ".join(_mixed_case(word) for word in office.split())


def _is_title(word: str) -> bool:
    low = word.lower().strip(".,")
    return low in words("titles") or low in ("the", "rt", "right") or singular(low) in words("roles")


def _mixed_case(word: str) -> str:
    if not word.isupper() or len(word) < 2 or "." in word:
        return word
    return word.lower() if word.lower() in words("particles") else word.title()
