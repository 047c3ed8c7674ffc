"""Programs can do what the console does: each of its acts has an endpoint, or a reason."""

ME = "It is about a person at a browser: their session, password, devices and language."
DRAFT = "It shows what is not there yet; a program has nothing to look at."
WAITS = "Programs reply at once, without the ten seconds in which a person takes it back."
TOKENS = "A program cannot make or end programs, itself included: a person does."
RULES = "Rules are rehearsed before they act, which takes eyes; programs read them."

#: Acts of the console that programs are not offered.
CONSOLE_ONLY = {
    "create_session": ME, "create_session_by_code": ME, "destroy_session": ME,
    "create_confirmation": ME, "create_reset": ME, "update_password_by_link": ME,
    "update_password": ME, "create_second_factor": ME, "destroy_second_factor": ME,
    "create_recovery_codes": ME, "revoke_session": ME, "update_language": ME, "update_mailed": ME,
    "create_look_draft": DRAFT, "preview_article": DRAFT, "preview_message": DRAFT,
    "preview_quote": DRAFT, "update_draft": DRAFT,
    "dispatch_sending": WAITS, "withdraw_sending": WAITS,
    "create_token": TOKENS, "revoke_token": TOKENS,
    "create_rule": RULES, "update_rule": RULES, "remove_rule": RULES, "move_rule": RULES,
    "create_activation": RULES, "create_deactivation": RULES,
}  # fmt: skip

#: Acts that programs know by another name.
CALLED = {"create_agent": "invite", "update_agent": "change", "create_erasure": "erase_person"}


def views(app, room, *methods):
    return {
        rule.endpoint.removeprefix(f"{room}.").removeprefix("agent_")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{room}.") and rule.methods & set(methods)
    }


def test_every_act_of_the_console_is_there_for_programs_or_has_a_reason_not_to_be(app):
    acts = views(app, "console", "POST", "PUT", "PATCH", "DELETE")
    offered = views(app, "agent", "POST", "PUT", "PATCH", "DELETE")
    assert len(acts) > 80
    missing = {act for act in acts if CALLED.get(act, act) not in offered}
    assert missing - set(CONSOLE_ONLY) == set()
    assert set(CONSOLE_ONLY) - missing == set(), "has an endpoint after all, or is no more"
    assert set(CALLED) <= acts


def test_every_answer_is_described(app):
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]
    told = [
        (f"{method} {path}", each["responses"])
        for path, item in paths.items()
        if path.startswith("/api/v1/agent/")
        for method, each in item.items()
        if method != "parameters"
    ]
    assert len(told) > 100
    bare = [
        name
        for name, answers in told
        if "204" not in answers
        if not any("content" in each for status, each in answers.items() if status < "300")
    ]
    assert bare == []
