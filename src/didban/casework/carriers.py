"""E-mail and webhook: what brings a notification out of the house.

Both carry the identifier of the notification, the kind of event, the identifier of the hit or
question, the deadline and a link; never a name, a number, a place or a record.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final

import httpx

from didban import clock
from didban.casework.notify import NotTaken
from didban.errors import ConfigError
from didban.model.notifications import Channel

if TYPE_CHECKING:
    from didban.settings import Notify
    from didban.store.notifications import Outgoing

SIGNATURE: Final = "Didban-Signature"
"""Header of a webhook: `t=<seconds>,v1=<hex>`, HMAC-SHA-256 over `<seconds>.<body>`."""

_SECURITY: Final = frozenset({"starttls", "tls", "none"})


class Carriers:
    """Brings notifications to their addresses, each by its own channel."""

    def __init__(self, settings: Notify, key: bytes) -> None:
        """Take the settings and the secret `webhook`.

        Raises ConfigError for a word that is no way to secure mail.
        """
        if settings.smtp_security not in _SECURITY:
            message = f"expected one of {', '.join(sorted(_SECURITY))}"
            raise ConfigError(message, "notify.smtp_security")
        self._settings = settings
        self._key = key

    def deliver(self, outgoing: Outgoing) -> None:
        """Bring one notification to its address. Raises NotTaken."""
        if outgoing.contact.channel is Channel.EMAIL:
            self._mail(outgoing)
        else:
            self._post(outgoing)

    def _content(self, outgoing: Outgoing) -> dict[str, Any]:
        """Return all that a notification says."""
        base = self._settings.link_base.rstrip("/")
        return {
            "id": outgoing.id,
            "kind": outgoing.kind,
            "post": outgoing.contact.post,
            "subject": outgoing.subject,
            "due_at": outgoing.due_at.isoformat() if outgoing.due_at else None,
            "link": f"{base}/{outgoing.subject}" if base else None,
        }

    def _post(self, outgoing: Outgoing) -> None:
        body = json.dumps(self._content(outgoing), sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json",
            "Didban-Notification": outgoing.id,
            SIGNATURE: signature(self._key, int(clock.now().timestamp()), body),
        }
        try:
            answer = httpx.post(
                outgoing.contact.address,
                content=body,
                headers=headers,
                timeout=self._settings.timeout_seconds,
                follow_redirects=False,
            )
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise NotTaken(type(error).__name__) from error
        if not answer.is_success:
            raise NotTaken(f"status_{answer.status_code}")

    def _mail(self, outgoing: Outgoing) -> None:
        if not self._settings.smtp_host:
            raise NotTaken("no_mail_server")
        try:
            with self._connect() as server:
                if self._settings.smtp_user:
                    server.login(self._settings.smtp_user, self._password())
                server.send_message(self._message(outgoing))
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        """Return a connection, encrypted and to the right server unless the settings say `none`."""
        s = self._settings
        if s.smtp_security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                s.smtp_host, s.smtp_port, timeout=s.timeout_seconds, context=context
            )
        server = smtplib.SMTP(s.smtp_host, s.smtp_port, timeout=s.timeout_seconds)
        if s.smtp_security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server

    def _password(self) -> str:
        file = self._settings.smtp_password_file
        if file is None:
            raise NotTaken("no_password")
        return file.read_text(encoding="utf-8").strip()

    def _message(self, outgoing: Outgoing) -> EmailMessage:
        content = self._content(outgoing)
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = outgoing.contact.address
        message["Subject"] = f"Didban: {outgoing.kind.replace('_', ' ')} ({outgoing.subject})"
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{outgoing.id}@didban>"
        message["Auto-Submitted"] = "auto-generated"
        lines = (f"{name}: {value}" for name, value in content.items() if value is not None)
        message.set_content("\n".join(lines) + "\n")
        return message


def signature(key: bytes, seconds: int, body: bytes) -> str:
    """Return the signature header of a webhook, which its receiver works out in the same way."""
    digest = hmac.new(key, b"%d." % seconds + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
