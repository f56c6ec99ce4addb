-- One schema for SQLite and PostgreSQL, portable by rule (docs/decisions/0002-one-sql.md): ids and JSON are TEXT, times
-- BIGINT Unix milliseconds (0: never), flags BIGINT 0/1, rates DOUBLE PRECISION, secrets TEXT (encoded ciphertext).

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- Kept in step by the transactions that change them, so that no page counts rows that it does not show.
    carrier_total BIGINT NOT NULL DEFAULT 0,
    number_total BIGINT NOT NULL DEFAULT 0,
    sync_error_total BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE bots (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    -- Lower case, for sorting.
    name_key TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX bots_by_name ON bots (account_id, name_key, id);

CREATE TABLE carriers (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sip_address TEXT NOT NULL,
    transport TEXT NOT NULL,
    destination_country TEXT,
    auth_username TEXT,
    auth_password TEXT,
    allowed_addresses TEXT NOT NULL,
    inbound_auth TEXT NOT NULL,
    accept_any_source BIGINT NOT NULL,
    outbound_cps DOUBLE PRECISION NOT NULL,
    outbound_burst BIGINT NOT NULL,
    outbound_channels BIGINT NOT NULL,
    did_count BIGINT NOT NULL,
    lk_sync_status TEXT NOT NULL,
    lk_sync_error TEXT,
    lk_last_synced_at BIGINT NOT NULL,
    lk_inbound_trunk_id TEXT,
    lk_outbound_trunk_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
-- One for each order that the list offers.
CREATE INDEX carriers_by_name ON carriers (account_id, name_key, id);
CREATE INDEX carriers_by_address ON carriers (account_id, sip_address, id);
CREATE INDEX carriers_by_dids ON carriers (account_id, did_count, id);
CREATE INDEX carriers_by_cps ON carriers (account_id, outbound_cps, id);
CREATE INDEX carriers_by_status ON carriers (account_id, lk_sync_status, id);
CREATE INDEX carriers_by_synced ON carriers (account_id, lk_last_synced_at, id);
CREATE INDEX carriers_by_created ON carriers (account_id, created_at, id);

CREATE TABLE dids (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    carrier_id TEXT NOT NULL REFERENCES carriers (id) ON DELETE CASCADE,
    number TEXT NOT NULL,
    e164 TEXT,
    -- e164 without the plus, or number where there is none: what makes two numbers the same.
    number_key TEXT NOT NULL,
    label TEXT,
    direction TEXT NOT NULL,
    bot_id TEXT REFERENCES bots (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX dids_by_number ON dids (account_id, number_key);
CREATE INDEX dids_by_carrier ON dids (carrier_id, number_key);
CREATE INDEX dids_by_bot ON dids (bot_id);

-- What the reconciler still has to do. A row outlives its carrier until LiveKit has let go of it.
CREATE TABLE carrier_syncs (
    carrier_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    carrier_name TEXT NOT NULL,
    -- Grows with each change, so that a sync that began before the change does not count as done.
    revision BIGINT NOT NULL,
    removing BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX carrier_syncs_by_due ON carrier_syncs (due_at);

-- Who may write to a LiveKit project, until when.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE audit_events (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX audit_events_by_time ON audit_events (account_id, at, id);
CREATE INDEX audit_events_by_subject ON audit_events (account_id, subject_id, at);
