"""The plugin's translations in the form WordPress reads."""

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from .wordpress import PLUGIN


def compile_all(folder=PLUGIN / "languages") -> None:
    for source in folder.glob("*.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as out:
            write_mo(out, read_po(text))
