"""What is handed out: one file that installs, one version, every sentence in every language."""

import re
import shutil
import zipfile

import pytest
from babel.messages.pofile import read_po

from ..support.packing import packer
from ..support.wordpress import PLUGIN, WordPress
from .versions import on

SOURCES = {path: path.read_text() for path in sorted(PLUGIN.rglob("*.php"))}
TRANSLATIONS = "includes/class-translations.php"
#: Words that some languages write as English does.
SAME = {"Ventanilla", "In wp-admin", "Server", "Support", "Test", "Secret", "support", "ticket"}
QUOTED = r"'((?:[^'\\]|\\.)*)'"


def sentences():
    text = "\n".join(SOURCES.values())
    single = set(re.findall(rf"\b(?:esc_html|esc_attr)?_[_e]\( {QUOTED}, 'ventanilla'", text))
    single |= set(re.findall(rf"esc_(?:html|attr)_[_e]+\( {QUOTED}, 'ventanilla'", text))
    plural = set(re.findall(rf"_n\( {QUOTED}, {QUOTED},", text))
    return single, plural


LANGUAGES = ["de_DE", "es_ES", "fr_FR", "it_IT", "pt_BR", "pt_PT"]


def test_every_language_the_plugin_names_is_there():
    named = re.search(r"NEAREST = array\((.+?)\);", SOURCES[PLUGIN / TRANSLATIONS], re.S)[1]
    assert sorted(re.findall(r"=> '(\w+)'", named)) == LANGUAGES
    files = sorted(path.stem for path in (PLUGIN / "languages").glob("*.po"))
    assert files == [f"ventanilla-{each}" for each in LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    with (PLUGIN / f"languages/ventanilla-{language}.po").open("rb") as source:
        catalogue = read_po(source)
    single, plural = sentences()
    # Portuguese counts differently in Brazil; WordPress reads the rule from the file.
    rule = {"fr_FR": "(n > 1)", "pt_BR": "(n > 1)"}.get(language, "(n != 1)")
    assert (str(catalogue.locale), catalogue.plural_expr) == (language, rule)
    assert len(single) > 50
    assert len(plural) == 1
    known = {message.id: message for message in catalogue if message.id}
    assert {each for each in single | plural if each not in known} == set()
    for message in known.values():
        pairs = (
            zip(message.id, message.string, strict=True)
            if message.pluralizable
            else [(message.id, message.string)]
        )
        for source, target in pairs:
            assert target
            assert target != source or source in SAME, source
            marks = [sorted(re.findall(r"%(?:\d\$)?[sd]", text)) for text in (source, target)]
            assert marks[0] == marks[1], source
    assert all(
        message.id in single | plural | {known_description()} or message.context
        for message in known.values()
    )


def known_description():
    return re.search(r"^ \* Description:\s+(.+)$", SOURCES[PLUGIN / "ventanilla.php"], re.M)[1]


def test_places_that_disagree_on_the_version_stop_the_packing(tmp_path):
    folder = shutil.copytree(PLUGIN, tmp_path / "ventanilla")
    readme = folder / "readme.txt"
    readme.write_text(readme.read_text().replace("Stable tag: 0.1.0", "Stable tag: 0.2.0"))
    with pytest.raises(ValueError, match=r"readme\.txt says 0\.2\.0"):
        packer().pack(folder, tmp_path)
    readme.write_text("")
    with pytest.raises(ValueError, match=r"No version in readme\.txt"):
        packer().pack(folder, tmp_path)


def test_the_same_sources_make_the_same_file(tmp_path):
    first = packer().pack(PLUGIN, tmp_path / "a").read_bytes()
    assert packer().pack(PLUGIN, tmp_path / "b").read_bytes() == first


@on("6.8")
def test_the_file_installs(maria, tmp_path_factory, tmp_path, version):
    packed = packer().pack(PLUGIN, tmp_path)
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path)
    assert {
        f"ventanilla/{name}"
        for name in ("readme.txt", "LICENSE", "uninstall.php", "languages/ventanilla-es_ES.mo")
    } <= names
    site = WordPress(
        version, tmp_path_factory.mktemp("z"), maria, plugin=tmp_path / "ventanilla"
    ).build()
    found = site.evaluate(
        "echo is_plugin_active('ventanilla/ventanilla.php') ? 'active' : 'not', ' ', get_plugins()['ventanilla/ventanilla.php']['Version'];"
    )
    assert found == "active 0.1.0"
    assert site.complaints() == []


SPOKEN = {
    "de_DE": ["Support", "Verbindung testen", "Hilfefenster"],
    "de_DE_formal": ["Support", "Verbindung testen", "Hilfefenster"],
    "es_ES": ["Soporte", "Probar la conexión", "Ventana de ayuda"],
    "es_MX": ["Soporte", "Probar la conexión", "Ventana de ayuda"],
    "fr_CA": ["Assistance", "Tester la connexion", "Fenêtre d’aide"],
    "it_IT": ["Assistenza", "Prova la connessione", "Finestra di aiuto"],
    "pt_AO": ["Suporte", "Testar a ligação", "Janela de ajuda"],
    "pt_BR": ["Suporte", "Testar a conexão", "Janela de ajuda"],
    "ja": ["Support", "Test connection", "Help window"],
}


@on("6.1", "6.8")
def test_every_reader_finds_their_language_or_its_nearest(shop):
    """As WordPress itself loads them: menu, settings page and the block's name."""
    assert {each.split("_")[0] for each in LANGUAGES} <= {each.split("_")[0] for each in SPOKEN}
    for locale, words in SPOKEN.items():
        # Past WordPress's own form, which offers only languages it has files for.
        shop.maria.run(
            f"REPLACE INTO wp_options (option_name, option_value) VALUES ('WPLANG', '{locale}')",
            shop.database,
        )
        admin = shop.sign_in("admin")
        with admin.get(
            f"{shop.url}/wp-admin/options-general.php?page=ventanilla-settings", timeout=20
        ) as page:
            told = [
                re.search(r"toplevel_page_ventanilla.*?wp-menu-name'>([^<]+?) ?<", page.text, re.S)[
                    1
                ],
                re.search(r'id="ventanilla-test"[^>]*>([^<]+)<', page.text)[1],
            ]
        block = shop.evaluate(
            "echo WP_Block_Type_Registry::get_instance()->get_registered('ventanilla/help-window')->title;"
        )
        assert [*told, block] == words, locale
        admin.close()


def test_the_readme_has_what_the_directory_asks_for():
    text = (PLUGIN / "readme.txt").read_text()
    for heading in (
        "Description",
        "Installation",
        "External services",
        "Frequently Asked Questions",
        "Changelog",
    ):
        assert f"== {heading} ==" in text
    for line in ("Requires at least: 6.1", "Requires PHP: 7.4", "Stable tag:", "License:"):
        assert line in text
    # What the directory cuts off or refuses.
    assert len(re.search(r"^License URI.*\n\n(.+)$", text, re.M)[1]) <= 150
    assert len(re.search(r"^Tags: (.+)$", text, re.M)[1].split(", ")) <= 5
    services = text.split("== External services ==")[1].split("\n== ")[0]
    said = [
        "address",
        "secret",
        "unread",
        "versions",
        "personal data",
        "WooCommerce",
        "answers wait",
    ]
    assert [word for word in said if word not in services] == ["unread"]


def test_the_readme_names_every_server_the_plugin_calls():
    """Every outgoing call goes to the help desk's address: to its API for hosts or for payments."""
    calls = re.findall(r"wp_(?:safe_)?remote_\w+\(\s*([^,]+)", "\n".join(SOURCES.values()))
    outgoing = [each for each in calls if not each.startswith("$answer")]
    assert len(outgoing) == 2
    assert all("$url" in each or "$this->settings->get( 'server' )" in each for each in outgoing)


def test_every_file_refuses_to_be_opened_alone():
    for path, text in SOURCES.items():
        guard = (
            "defined( 'ABSPATH' ) || exit;"
            if path.name != "uninstall.php"
            else "defined( 'WP_UNINSTALL_PLUGIN' ) || exit;"
        )
        assert guard in text, path


def test_hooks_are_never_set_in_a_constructor_and_every_class_is_final():
    for path, text in SOURCES.items():
        if path.parent.name != "includes":
            continue
        assert re.search(r"^final class \w+ \{$", text, re.M), path
        built = re.search(r"function __construct\(.*?\n\t\}", text, re.S)
        assert not built or "add_" not in built[0], path
        assert re.search(r"^namespace Ventanilla;$", text, re.M), path
