"""The second factor: a code from a phone or a recovery code, each once, and nothing else."""

import re
from contextlib import suppress

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widget_server.agents import people, second_factor
from widget_server.clock import utcnow
from widget_server.database import query

from ..support.threads import at_once
from .conftest import EMAIL, PASSWORD


def test_the_second_factor_is_asked_for_and_lets_in(clock, authenticator, browser):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    her = browser()
    page = her.sign_in(EMAIL)
    assert page.status_code == 200
    assert not her.inside
    assert her.code(page, "000000" if phone.now() != "000000" else "111111").status_code == 422
    assert her.code(page, phone.now()).status_code == 303
    assert her.inside


def test_a_code_works_once(clock, authenticator, browser):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    first, second = browser(), browser("192.0.2.2")
    code = phone.now()
    assert first.code(first.sign_in(EMAIL), code).status_code == 303
    assert second.code(second.sign_in(EMAIL), code).status_code == 422
    assert not second.inside


def test_of_many_at_once_one_gets_in_with_a_code(clock, authenticator, boss):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    code, passed = phone.now(), []

    def use():
        with suppress(second_factor.WrongCode):
            second_factor.check(people.find(boss.id), code)
            passed.append(True)

    at_once(use, 6)
    assert passed == [True]


def test_a_recovery_code_works_once_however_it_is_typed(authenticator, browser):
    _, codes = authenticator
    her = browser()
    assert her.code(her.sign_in(EMAIL), codes[0].upper().replace("-", " ")).status_code == 303
    again = browser()
    assert again.code(again.sign_in(EMAIL), codes[0]).status_code == 422
    assert again.code(again.sign_in(EMAIL), codes[1]).status_code == 303


@settings(
    max_examples=60, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.text(max_size=24))
def test_no_text_is_a_code_but_the_codes(clock, authenticator, boss, text):
    phone, codes = authenticator
    plain = "".join(mark for mark in text.lower() if mark.isalnum())
    shown = {phone.generate_otp(phone.timecode(utcnow()) + step) for step in (-1, 0, 1)}
    if plain in {code.replace("-", "") for code in codes} or "".join(text.split()) in shown:
        return
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(people.find(boss.id), text)


def test_the_secret_is_sealed_and_codes_are_hashed(authenticator, boss):
    phone, codes = authenticator
    stored = str(query("SELECT * FROM agent")) + str(query("SELECT * FROM agent_recovery"))
    assert phone.secret not in stored
    assert all(code not in stored and code.replace("-", "") not in stored for code in codes)


def test_the_pass_to_the_second_step_is_not_a_way_in(clock, authenticator, browser):
    phone, _ = authenticator
    her = browser()
    page = her.sign_in(EMAIL)
    clock.pass_(seconds=601)
    assert her.code(page, phone.now()).status_code == 422
    assert not her.inside


def test_confirming_asks_for_the_second_factor_too(clock, authenticator, browser):
    phone, _ = authenticator
    clock.pass_(seconds=30)
    her = browser()
    her.code(her.sign_in(EMAIL), phone.now())
    clock.pass_(minutes=16)
    assert her.post("/confirm", password=PASSWORD).status_code == 422
    assert her.post("/confirm", password=PASSWORD, code=phone.now()).status_code == 303


def test_the_second_factor_is_set_up_in_the_console(clock, boss, browser):
    her = browser()
    her.sign_in(EMAIL)
    page = her.get("/account/second-factor").text
    assert "<svg" in page
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert her.post("/account/second-factor", code="12").status_code == 422
    shown = her.post("/account/second-factor", code=pyotp.TOTP(secret).now())
    codes = re.findall(r"<li><code>([a-z0-9-]{14})</code>", shown.text)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert codes[0] not in her.get("/account").text
    assert her.post("/account/second-factor/removal").status_code == 303
    assert people.find(boss.id).totp is None
