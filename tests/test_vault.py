"""What is sealed opens with any of the keys it may have been sealed with, and with no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_server.vault import Sealed, Vault

OLD, NEW = "o" * 40, "n" * 40


@given(st.text())
def test_what_was_sealed_opens_after_the_key_was_rotated(text):
    sealed = Vault([OLD], "payments").seal(text)
    assert Vault([NEW, OLD], "payments").open(sealed) == text
    if len(text) > 8:
        assert text not in sealed


@pytest.mark.parametrize(("keys", "purpose"), [([NEW], "payments"), ([OLD], "assistant")])
def test_another_key_or_purpose_opens_nothing(keys, purpose):
    with pytest.raises(Sealed, match="SECRET_KEY"):
        Vault(keys, purpose).open(Vault([OLD], "payments").seal("sk_live_1"))


def test_a_changed_or_broken_text_opens_nothing():
    vault = Vault([OLD], "payments")
    sealed = vault.seal("sk_live_1")
    for broken in ("", "x", sealed[:-2], sealed[:20] + "A" + sealed[21:], "ñ"):
        with pytest.raises(Sealed):
            vault.open(broken)
