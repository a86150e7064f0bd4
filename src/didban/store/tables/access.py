"""Users, sessions and device tokens; failed sign-ins and the use of limits.

Secrets of sessions and tokens are random, so their plain SHA-256 is kept; what a person chose is
kept by argon2id alone, and what a person's device holds is encrypted.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from didban.store.tables.base import metadata

_WHEN = DateTime(timezone=True)

user_account = Table(
    "user_account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),  # folded: lower case
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("clearance", SmallInteger, nullable=False),
    Column("language", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("password_hash", Text),  # argon2id; empty until enrolment
    Column("totp_secret", LargeBinary),  # AES-GCM; empty until enrolment
    Column("totp_step", BigInteger, nullable=False, server_default="0"),  # the last one used
    Column("enrolment_digest", LargeBinary, unique=True),
    Column("enrolment_until", _WHEN),
    Column("own_person", LargeBinary),  # keyed hash of who they are themselves (PR-05)
    Column("subject", Text, unique=True),  # who they are to the OpenID provider, where one is used
    Column("created_at", _WHEN, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("last_sign_in_at", _WHEN),
    Column("access_until", _WHEN),  # no sign-in from then on; empty: without end
    CheckConstraint(
        "cardinality(roles) > 0"
        " AND (cardinality(roles) = 1 OR NOT roles && '{administrator,inspector,system,"
        "data_protection_officer}'::text[])",
        name="roles",
    ),
    Index(None, "authority"),
)

session = Table(
    "session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("user", ForeignKey("user_account.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("began_at", _WHEN, nullable=False),
    Column("seen_at", _WHEN, nullable=False),  # to the minute
    Column("idle_seconds", Integer, nullable=False),  # as the settings were when it began
    Column("ends_at", _WHEN, nullable=False),
    Column("ended_at", _WHEN),
    CheckConstraint("reference <> '' OR place <> ''", name="reason"),
    Index(None, "user"),
    Index(None, "ends_at"),
)

device_token = Table(
    "device_token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("label", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("clearance", SmallInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("created_at", _WHEN, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", _WHEN, nullable=False),
    Column("last_used_at", _WHEN),  # to the minute
    Column("revoked_at", _WHEN),
    Column("revoked_by", Text),
    CheckConstraint("place <> ''", name="place"),
    CheckConstraint(
        "cardinality(roles) > 0"
        " AND roles <@ '{carrier,first_line,passenger_unit,recorder}'::text[]",
        name="roles",
    ),
    Index(None, "authority"),
)

# Failed sign-ins by what was tried from where: keys are keyed hashes, because people type passwords
# into the field for names.
sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", _WHEN, nullable=False),
    Column("blocked_until", _WHEN, nullable=False),
)

recovery = Table(
    "recovery",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user", ForeignKey("user_account.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", _WHEN, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", _WHEN),
    CheckConstraint(
        'decided_by IS NULL OR decided_by <> "user" AND'
        " (decided_by <> requested_by OR starts_with(decided_by, 'operator:'))",
        name="two_persons",
    ),
    CheckConstraint('requested_by <> "user"', name="not_alone"),
    Index("recovery_open_key", "user", unique=True, postgresql_where=text("state = 'requested'")),
)

# Nonces of identity tokens that were used, until the tokens have expired anyway.
used_nonce = Table(
    "used_nonce",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("until", _WHEN, nullable=False),
)
