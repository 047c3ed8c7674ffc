"""Rules are built on a phone's width with nothing but the keyboard."""

from playwright.sync_api import expect

from .test_console import fits, sign_in


def tab_to(page, selector):
    """Press Tab until the wanted element has the focus."""
    wanted = page.locator(selector)
    for _ in range(60):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def test_a_rule_is_built_rehearsed_and_switched_on_by_keyboard(world, page_of, axe):
    page = page_of(width=360)
    page.goto(f"{world.server}/console/")
    sign_in(page)
    page.goto(f"{world.server}/console/rules/new")
    page.locator("#rule-name").focus()
    page.keyboard.type("Lo de Ada, etiquetado")
    tab_to(page, "#add-condition")
    page.keyboard.press("Enter")
    expect(page.locator("#c0-field")).to_be_focused()
    # One letter: the form is drawn anew at once, which ends what is typed into a list.
    page.keyboard.press("q")
    # The value's field changes with it, and the focus stays where it was.
    expect(page.locator("#c0-value")).to_have_attribute(
        "placeholder", "ana@example.com o @example.com"
    )
    expect(page.locator("#c0-field")).to_be_focused()
    expect(page.locator("#rule-name")).to_have_value("Lo de Ada, etiquetado")
    tab_to(page, "#c0-value")
    page.keyboard.type("@demo.example")
    tab_to(page, "#a0-act")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input#a0-value")).to_be_visible()
    tab_to(page, "#a0-value")
    page.keyboard.type("De Ada")
    assert fits(page)
    page.keyboard.press("Enter")
    expect(page.locator("#rehearsal")).to_be_visible()
    assert fits(page)
    axe(page)
    tab_to(page, "form[action$=activation] button")
    page.keyboard.press("Enter")
    rule = page.locator(".rule", has_text="Lo de Ada, etiquetado")
    expect(rule.locator(".badge.good")).to_be_visible()
    expect(rule).to_contain_text("viene de @demo.example")
    axe(page)
    assert fits(page)
    # Others' tests share this server.
    rule.locator("form[action$=deactivation] button").click()
    expect(rule.locator(".badge.good")).to_have_count(0)


def test_tags_are_typed_and_taken_off_beside_a_request(world, page_of, axe):
    page = page_of()
    page.goto(f"{world.server}/console/")
    sign_in(page)
    page.locator("#rows .row-link").last.click()
    field = page.locator("#rail-owner input[name=tag]")
    field.fill("Black Friday, vip")
    field.press("Enter")
    expect(page.locator("#rail-owner .tag")).to_have_count(2)
    expect(page.locator("#thread")).to_contain_text("+black-friday +vip")
    # htmx listens to what it has put in some milliseconds later; no hand is that quick.
    expect(page.locator("#rail-owner.htmx-added")).to_have_count(0)
    page.locator("#rail-owner select[name=priority]").select_option("high")
    expect(page.locator("#thread")).to_contain_text("prioridad Alta")
    axe(page)
    page.get_by_role("button", name="Quitar la etiqueta black-friday").click()
    expect(page.locator("#rail-owner .tag")).to_have_count(1)
    page.locator("#rail-owner .tag a").click()
    expect(page.locator("#rows .row-labels")).to_contain_text("vip")
