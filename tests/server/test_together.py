"""What is read in one go: all of it, in its place, and a mistake in it is no secret."""

import sqlite3

import psycopg
import pytest

from widget_server import database
from widget_server.sites.models import Category


def test_each_question_has_its_own_answer(site):
    with database.together():
        one = database.ask("SELECT count(*) FROM category WHERE site_id = ?", site.id)
        kinds = database.ask_for(Category, "site_id = ? ORDER BY position", site.id)
        nobody = database.ask("SELECT id FROM ticket WHERE site_id = ?", site.id)
    assert nobody() == []
    assert [kind.position for kind in kinds()] == list(range(one()[0][0]))


def test_a_question_that_makes_no_sense_is_an_error_and_the_next_one_is_answered(site):
    unknown = sqlite3.OperationalError if database.is_sqlite() else psycopg.errors.UndefinedTable
    with pytest.raises(unknown, match="nowhere"):
        ask_nowhere_and_elsewhere()
    assert database.query("SELECT 3") == [(3,)]


def ask_nowhere_and_elsewhere():
    with database.together():
        database.ask("SELECT 1 FROM nowhere")
        database.ask("SELECT 2")
