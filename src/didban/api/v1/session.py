"""Sign-in, sign-out and enrolment: who asks, and why, for everything that follows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends
from pydantic import Field
from starlette.requests import Request

from didban.api.v1.frame import Node, Router, Tx, Who, needs, open_because
from didban.api.v1.pages import Given, Told
from didban.errors import NotPermitted
from didban.guard import enrolment, lookups, oidc
from didban.guard.sessions import Admission, Doorkeeper, Reason
from didban.model.actors import Actor
from didban.model.permissions import Permission, Role, permissions_of
from didban.model.purposes import Purpose

router = Router("session")

_SIGN_IN = "this is how one gets to be known"
_ENROLMENT = "the one-time secret is the credential"


async def _door(request: Request) -> Doorkeeper:
    return cast("Doorkeeper", request.app.state.door)


async def _secret(request: Request) -> str:
    return request.headers.get("authorization", "").partition(" ")[2].strip()


async def _source(request: Request) -> str:
    return request.client.host if request.client else "unknown"


Door = Annotated[Doorkeeper, Depends(_door)]
Secret = Annotated[str, Depends(_secret)]
Source = Annotated[str, Depends(_source)]

Short = Annotated[str, Field(max_length=200)]
Password = Annotated[str, Field(min_length=1, max_length=256)]
Code = Annotated[str, Field(min_length=1, max_length=20, examples=["123456"])]
OneTime = Annotated[str, Field(min_length=1, max_length=100)]


class ReasonGiven(Given):
    """Why somebody signs in. A case (`reference`) or a post (`place`) is needed (PR-01)."""

    purpose: Purpose
    reference: Short = ""
    place: Short = ""

    def reason(self) -> Reason:
        """Return it as a value."""
        return Reason(purpose=self.purpose, reference=self.reference, place=self.place)


class SignInGiven(ReasonGiven):
    """Everything that sign-in takes."""

    login: Short
    password: Password
    code: Code = Field(description="What the authenticator shows now; each is good once.")


class PurposeGiven(ReasonGiven):
    """Another reason, with a fresh code of the second factor."""

    code: Code


class IdentityTokenGiven(ReasonGiven):
    """An identity token of the OpenID provider, and the nonce that it was asked with."""

    id_token: Annotated[str, Field(min_length=1, max_length=20_000)]


class NonceTold(Told):
    """A nonce to ask the OpenID provider with. It is good for ten minutes, once."""

    nonce: str


class SessionBegun(Told):
    """A session. `secret` is told once: send it as `Authorization: Bearer`."""

    secret: str
    session: str
    user: str
    authority: str
    ends_at: datetime

    @classmethod
    def of(cls, admission: Admission) -> SessionBegun:
        """Return the shape of a session that has begun."""
        return cls(
            secret=admission.secret,
            session=admission.session,
            user=admission.user,
            authority=admission.authority,
            ends_at=admission.ends_at,
        )


class SessionTold(Told):
    """Who asks, and what they may do."""

    user: str
    authority: str
    roles: list[Role]
    permissions: list[Permission]
    purpose: Purpose
    reference: str
    place: str

    @classmethod
    def of(cls, actor: Actor) -> SessionTold:
        """Return the shape of an actor."""
        return cls(
            user=actor.user,
            authority=actor.authority,
            roles=sorted(actor.roles),
            permissions=sorted(permissions_of(actor.roles)),
            purpose=cast("Purpose", actor.purpose),
            reference=actor.reference,
            place=actor.place,
        )


class EnrolmentBegun(Told):
    """The second factor of a user who enrols."""

    address: str = Field(description="An `otpauth:` address, to be shown as a QR code.")


class EnrolmentGiven(Given):
    """What a user sets alone.

    Name and birth date are optional: only a keyed hash is kept, so that a search for oneself is
    noticed (PR-05).
    """

    secret: OneTime
    password: Password
    code: Code
    own_name: Short = ""
    own_birth_date: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""


class EnrolmentSecret(Given):
    """The one-time secret that an administrator handed over."""

    secret: OneTime


class Enrolled(Told):
    """The name to sign in with from now on."""

    login: str


@router.post("/session", status_code=201)
@open_because(_SIGN_IN)
def sign_in(door: Door, source: Source, given: SignInGiven) -> SessionBegun:
    """Sign in by password and second factor, for a purpose and a case or post.

    Whatever is wrong, the answer is the same, and each further failure doubles the wait.
    """
    admission = door.sign_in(given.login, given.password, given.code, given.reason(), source=source)
    return SessionBegun.of(admission)


@router.get("/session")
@needs(Permission.ACCESS_SESSION_HOLD)
def get_session(who: Who) -> SessionTold:
    """Tell who asks, for what purpose, and what they may do."""
    return SessionTold.of(who)


@router.put("/session/purpose")
@needs(Permission.ACCESS_SESSION_HOLD)
def change_purpose(
    tx: Tx, who: Who, door: Door, secret: Secret, source: Source, given: PurposeGiven
) -> SessionBegun:
    """Go on for another purpose or case: the session ends, another one begins."""
    _require_person(who)
    return SessionBegun.of(
        door.change_purpose(tx, who, secret, given.code, given.reason(), source=source)
    )


@router.delete("/session", status_code=204)
@needs(Permission.ACCESS_SESSION_HOLD)
def sign_out(tx: Tx, who: Who, door: Door, secret: Secret) -> None:
    """End the session."""
    _require_person(who)
    door.sign_out(tx, who, secret)


@router.post("/session/oidc/nonce", status_code=201)
@open_because(_SIGN_IN)
def ask_for_nonce(node: Node) -> NonceTold:
    """Give the nonce with which an identity token is asked for. Not found where none is accepted."""
    return NonceTold(nonce=oidc.Provider(node.settings.access, node.secrets).new_nonce())


@router.post("/session/oidc", status_code=201)
@open_because(_SIGN_IN)
def sign_in_by_identity_token(
    node: Node, door: Door, source: Source, given: IdentityTokenGiven
) -> SessionBegun:
    """Sign in by an identity token of the OpenID provider, for a purpose and a case or post."""
    provider = oidc.Provider(node.settings.access, node.secrets)
    return SessionBegun.of(
        door.admit(
            given.reason(), source=source, verify=lambda tx: provider.account_of(tx, given.id_token)
        )
    )


@router.post("/enrolment/second-factor", status_code=201)
@open_because(_ENROLMENT)
def begin_enrolment(tx: Tx, door: Door, given: EnrolmentSecret) -> EnrolmentBegun:
    """Begin to enrol: get a second factor."""
    return EnrolmentBegun(address=enrolment.begin(tx, door.factor, given.secret))


@router.post("/enrolment", status_code=201)
@open_because(_ENROLMENT)
def finish_enrolment(tx: Tx, node: Node, door: Door, given: EnrolmentGiven) -> Enrolled:
    """Finish to enrol: set the password, and show that the second factor works."""
    own = None
    if given.own_name:
        own = lookups.key_of(node.secrets, [given.own_name], given.own_birth_date or None)
    login = enrolment.finish(
        tx,
        door.passwords,
        door.factor,
        given.secret,
        password=given.password,
        code=given.code,
        own_person=own,
    )
    return Enrolled(login=login)


def _require_person(who: Actor) -> None:
    if who.device is not None:
        raise NotPermitted("a device has no session: its token is revoked", "not_a_person")
