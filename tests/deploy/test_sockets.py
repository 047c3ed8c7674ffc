"""The sockets a server takes connections from: systemd's, or one of its own for each process."""

import os
import socket

import pytest

from widget_server import server
from widget_server.config import ConfigurationError

from ..support.servers import free_port


@pytest.fixture
def listen():
    """Return the sockets of a server of so many processes."""
    opened = []

    def listen(port=0, processes=1):
        settings = {"HOST": "127.0.0.1", "PORT": port or free_port(), "PROCESSES": processes}
        made = server.listeners(settings)
        opened.extend(made)
        return made

    yield listen
    for each in opened:
        each.close()


@pytest.mark.parametrize("processes", [1, 2])
def test_no_half_of_an_answer_waits_for_word_of_the_other(listen, processes):
    # One answer in ten took 40 ms.
    for listener in listen(processes=processes):
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def hand_over(monkeypatch):
    """Leave sockets to the server as systemd does, one after the other; see sd_listen_fds(3)."""

    def hand_over(number):
        first = 200
        for nth in range(number):
            with socket.create_server(("127.0.0.1", 0)) as opened:
                os.dup2(opened.fileno(), first + nth)
        monkeypatch.setattr(server, "HANDED", first)
        monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
        monkeypatch.setenv("LISTEN_FDS", str(number))

    return hand_over


def test_nor_on_the_socket_of_systemd(listen, hand_over):
    hand_over(1)
    (only,) = listen(processes=2)
    assert only.fileno() == server.HANDED
    with socket.create_connection(only.getsockname()), only.accept()[0] as taken:
        assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), "it is handed down"


def test_systemd_may_hand_over_one_for_each_process_but_none_that_nobody_takes(listen, hand_over):
    hand_over(2)
    assert [each.fileno() for each in listen(processes=2)] == [server.HANDED, server.HANDED + 1]
    with pytest.raises(ConfigurationError, match="PROCESSES: systemd hands over 2 sockets"):
        listen(processes=1)


def test_each_process_has_its_own_and_none_is_shared_with_a_stranger(listen):
    first, second = listen(processes=2)
    port = first.getsockname()[1]
    assert second.getsockname()[1] == port
    with pytest.raises(ConfigurationError, match=f"{port} is taken on 127.0.0.1"):
        listen(port, processes=2)
