"""Duty officers are told by e-mail or webhook, without content, at least once, by one identifier."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.server
import json
import socketserver
import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from casework_help import CLERK, HEAD, NOON, scene
from didban.casework import notifications, notify
from didban.casework.carriers import SIGNATURE, Carriers
from didban.errors import ConfigError, InvalidInput, NotPermitted
from didban.ids import new_id
from didban.model.notifications import Channel, Notification, Post
from didban.settings import Notify
from didban.store.notifications import Contact
from didban.store.tables.notify import notification

KEY = b"w" * 32


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks, after refusing as many as it is told to."""

    def do_POST(self) -> None:
        """Keep one request."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))  # type: ignore[attr-defined]
        refusing = len(self.server.got) <= self.server.refuses  # type: ignore[attr-defined]
        self.send_response(503 if refusing else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Mailbox(socketserver.StreamRequestHandler):
    """Takes mail as a server does, in as few words as RFC 5321 allows."""

    def handle(self) -> None:
        """Take one connection."""
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self._keep()
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")

    def _keep(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.server.got.append(b"".join(lines).decode())  # type: ignore[attr-defined]


@contextlib.contextmanager
def serving(handler, *, refuses: int = 0):
    """Run a server on the loopback; what it got is in `got`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.got, server.refuses = [], refuses  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def made(database, monkeypatch):
    """Return a bank."""
    return scene(database, monkeypatch)


def contact(channel: Channel, address: str, code: str = "xar") -> Contact:
    """Return where Arvand's duty officer is told."""
    return Contact(authority=code, post=Post.DUTY_OFFICER, channel=channel, address=address)


def tell(made, kind=Notification.HOLD_WARNING, **more):
    """Put one notification into the outbox."""
    with made.database.begin() as tx:
        notifications.tell(tx, "xar", Post.DUTY_OFFICER, kind, "hit_1", at=made.clock.now(), **more)


def run(made, carriers, attempts: int = 3) -> int:
    """Do the duty once."""
    return notify.run_due(made.database, made.clock.now(), carriers, attempts=attempts)


def outbox(made):
    """Return what the outbox holds."""
    with made.database.begin() as tx:
        return tx.execute(select(notification).order_by(notification.c.number)).all()


def test_a_webhook_is_signed_and_says_nothing_of_anybody(made):
    """It carries identifiers, the kind, the deadline and a link; the signature covers all of it."""
    with serving(Receiver) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/duty"
        made.do(notifications.set_contact, HEAD, contact(Channel.WEBHOOK, address))
        tell(made, due_at=NOON + timedelta(hours=1))
        assert run(made, Carriers(Notify(link_base="https://node.example/hits/"), KEY)) == 1

    ((headers, body),) = server.got
    (kept,) = outbox(made)
    assert json.loads(body) == {
        "id": kept.id,
        "kind": "hold_warning",
        "post": "duty_officer",
        "subject": "hit_1",
        "due_at": "2031-03-01T13:00:00+00:00",
        "link": "https://node.example/hits/hit_1",
    }
    seconds, digest = (part.split("=")[1] for part in headers[SIGNATURE].split(","))
    wanted = hmac.new(KEY, seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert digest == wanted
    assert headers["Didban-Notification"] == kept.id
    assert kept.sent_at == NOON


def test_an_email_carries_the_same(made):
    """Its Message-ID is the notification's identifier, so that a repetition can be told."""
    with serving(Mailbox) as server:
        made.do(notifications.set_contact, HEAD, contact(Channel.EMAIL, "duty@xar.example"))
        tell(made)
        settings = Notify(
            smtp_host="127.0.0.1", smtp_port=server.server_address[1], smtp_security="none"
        )
        assert run(made, Carriers(settings, KEY)) == 1

    (kept,) = outbox(made)
    (mail,) = server.got
    assert f"Message-ID: <{kept.id}@didban>" in mail
    assert "To: duty@xar.example" in mail
    assert "Subject: Didban: hold warning (hit_1)" in mail


def test_a_mail_server_that_cannot_encrypt_is_told_nothing(made):
    """By default nothing leaves before the connection is encrypted."""
    with serving(Mailbox) as server:
        made.do(notifications.set_contact, HEAD, contact(Channel.EMAIL, "duty@xar.example"))
        tell(made)
        settings = Notify(smtp_host="127.0.0.1", smtp_port=server.server_address[1])
        assert run(made, Carriers(settings, KEY)) == 0

    assert server.got == []
    assert outbox(made)[0].fault == "SMTPNotSupportedError"


def test_what_is_not_taken_is_tried_again_more_slowly(made):
    """With the same identifier each time, until it is taken."""
    with serving(Receiver, refuses=2) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        made.do(notifications.set_contact, HEAD, contact(Channel.WEBHOOK, address))
        tell(made)
        carriers = Carriers(Notify(), KEY)

        assert run(made, carriers) == 0
        assert run(made, carriers) == 0
        assert len(server.got) == 1, "not before the pause is over"
        made.clock.pass_(seconds=30)
        assert run(made, carriers) == 0
        made.clock.pass_(seconds=30)
        assert run(made, carriers) == 0
        made.clock.pass_(seconds=30)
        assert run(made, carriers) == 1

    assert len({headers["Didban-Notification"] for headers, _ in server.got}) == 1
    assert [json.loads(body)["id"] for _, body in server.got] == [outbox(made)[0].id] * 3


def test_what_nobody_takes_is_given_up_and_listed(made):
    """After the last attempt it is not tried any more, and says why."""
    made.do(notifications.set_contact, HEAD, contact(Channel.WEBHOOK, "http://127.0.0.1:9/"))
    tell(made)
    for _ in range(4):
        run(made, Carriers(Notify(), KEY), attempts=2)
        made.clock.pass_(hours=2)

    (kept,) = outbox(made)
    assert (kept.attempts, kept.next_try_at, kept.fault) == (2, None, "ConnectError")
    assert made.do(notifications.given_up, HEAD) == [
        (kept.id, Notification.HOLD_WARNING, "hit_1", kept.fault)
    ]


def test_what_was_told_or_given_up_is_forgotten_after_ninety_days(made):
    """It says where people are reached; what still waits stays."""
    for at, settled in (("sent_at", NOON), ("given_up_at", NOON), ("sent_at", None)):
        with made.database.begin() as tx:
            tx.execute(
                insert(notification).values(
                    id=new_id("ntf"),
                    authority="xar",
                    post=Post.DUTY_OFFICER,
                    channel=Channel.EMAIL,
                    address="duty@arvand.example",
                    subject="hit_1",
                    kind=Notification.HOLD_WARNING,
                    made_at=NOON,
                    attempts=1,
                    fault="",
                    **{at: settled},
                )
            )

    assert notify.forget_due(made.database, NOON + timedelta(days=90)) == 0
    assert notify.forget_due(made.database, NOON + timedelta(days=91)) == 2
    assert [row.sent_at for row in outbox(made)] == [None]


def test_a_claim_that_was_left_is_taken_over(made):
    """Who was killed while sending leaves a claim that runs out."""
    made.do(notifications.set_contact, HEAD, contact(Channel.WEBHOOK, "http://127.0.0.1:9/"))
    tell(made)

    class Killed(BaseException):
        pass

    class Dying:
        def deliver(self, _):
            raise Killed

    class Taking:
        got: tuple[str, ...] = ()

        def deliver(self, outgoing):
            self.got += (outgoing.id,)

    with pytest.raises(Killed):
        run(made, Dying())
    taking = Taking()
    assert run(made, taking) == 0
    made.clock.pass_(minutes=6)
    assert run(made, taking) == 1
    assert taking.got == (outbox(made)[0].id,)


def test_two_processes_do_not_send_one_notification_twice(made):
    """What one claimed, the other does not see."""
    made.do(notifications.set_contact, HEAD, contact(Channel.WEBHOOK, "http://127.0.0.1:9/"))
    for _ in range(20):
        tell(made)
    sent = []

    class Taking:
        def deliver(self, outgoing):
            sent.append(outgoing.id)

    threads = [threading.Thread(target=run, args=(made, Taking())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == sorted(row.id for row in outbox(made))


def test_a_supervisor_says_who_is_told_for_their_own_authority(made):
    """Nobody else does, nothing unencrypted leaves the machine, and an entry says that it changed."""
    with pytest.raises(InvalidInput):
        made.do(notifications.set_contact, HEAD, contact(Channel.WEBHOOK, "http://duty.example/"))
    with pytest.raises(InvalidInput):
        made.do(notifications.set_contact, HEAD, contact(Channel.EMAIL, "a@b.example, c@d.example"))
    with pytest.raises(InvalidInput):
        made.do(notifications.set_contact, HEAD, contact(Channel.EMAIL, "a@b.example", code="xbo"))
    with pytest.raises(NotPermitted):
        made.do(notifications.set_contact, CLERK, contact(Channel.EMAIL, "a@b.example"))

    made.do(notifications.set_contact, HEAD, contact(Channel.EMAIL, "a@b.example"))
    made.do(notifications.set_contact, HEAD, contact(Channel.EMAIL, "c@d.example"))
    assert [c.address for c in made.do(notifications.contacts, HEAD)] == ["c@d.example"]
    made.do(notifications.drop_contact, HEAD, Post.DUTY_OFFICER, Channel.EMAIL)
    assert made.do(notifications.contacts, HEAD) == []


def test_a_way_to_secure_mail_that_is_none_is_refused():
    """A slip must not mean that nothing is encrypted."""
    with pytest.raises(ConfigError):
        Carriers(Notify(smtp_security="ssl"), KEY)
