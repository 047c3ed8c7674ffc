"""Whatever stands in the log is said in words."""

import re
from pathlib import Path

import widget_server
from widget_server.console.language import catalog

SOURCES = [path.read_text() for path in Path(widget_server.__file__).parent.rglob("*.py")]

#: Views whose services note by themselves what was done, or that change nothing worth a row.
TOLD_BY_SERVICES = {
    "agent_change", "agent_create", "agent_create_category", "agent_create_closure",
    "agent_create_message", "agent_create_team", "agent_destroy_closure", "agent_erase_person",
    "agent_invite", "agent_remove_team", "agent_retire_category", "agent_update_assignee",
    "agent_update_category", "agent_update_category_settings", "agent_update_checklist",
    "agent_update_contact", "agent_update_progress", "agent_update_state", "agent_update_team",
    "ask_reset", "create_agent", "create_confirmation", "create_erasure", "create_merger",
    "create_quote", "create_receipt", "create_recovery_codes", "create_refund", "create_reset",
    "create_second_factor", "create_session", "create_session_by_code", "create_token",
    "destroy_second_factor", "destroy_session", "preview_article", "preview_message",
    "preview_quote", "revoke_session", "revoke_token", "update_address", "update_agent",
    "update_assignee", "update_category", "update_category_settings", "update_checklist",
    "update_contact", "update_draft", "update_order", "update_password",
    "update_password_by_link", "update_progress", "update_site_mail", "update_snooze",
    "update_state", "update_team",
    "agent_create_resending", "agent_create_webhook", "agent_create_webhook_secret",
    "agent_create_webhook_test", "agent_remove_webhook", "agent_update_priority",
    "agent_update_tags", "agent_update_webhook", "create_activation", "create_deactivation",
    "create_resending", "create_rule", "create_webhook", "create_webhook_secret",
    "create_webhook_test", "move_rule", "remove_rule", "remove_webhook", "update_priority",
    "update_rule", "update_tags", "update_webhook",
    "archive_site", "create_look_draft", "create_site", "create_site_key", "restore_site",
    "restore_site_key", "retire_site_key", "update_look", "update_retention",
    "agent_create_assistant_check", "agent_create_payments_check", "agent_create_version",
    "agent_destroy_snooze",
}  # fmt: skip


def test_every_act_has_words(app):
    acts, words = set(), {key.removeprefix("audit.act.") for key in catalog("en")}
    for source in SOURCES:
        acts |= set(re.findall(r'audit\.note\(\s*"([\w.]+)"', source))
        kinds = re.findall(r'\b(?:ledger\.)?record\(\s*\w+, \w+, "(\w+)"', source)
        kinds += re.findall(r'(?<!signals\.)\btell\(\s*"(\w+)"', source)
        acts |= {f"ticket.{kind}" for kind in kinds} - {"ticket.awake"}
    for rule in app.url_map.iter_rules():
        room, _, view = rule.endpoint.partition(".")
        writes = rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        if writes and room in {"console", "agent"}:
            # Programs do what the console does; the log says it in the same words.
            act = getattr(app.view_functions[rule.endpoint], "act", view)
            names = {act, act.removeprefix("agent_")}
            if not names & TOLD_BY_SERVICES:
                acts |= names & words or {act}
    assert len(acts) > 60
    assert sorted(acts - words) == []
