-- Calls at the SIP edge: their rows among all calls, the steps of their handling, and what live state is built from after a
-- crash. All of it is written from the journal (docs/decisions/0025-edge-journal.md).

-- SIP's Call-ID as the edge reports it; NULL for calls that did not pass the edge. NULLs are distinct in both databases.
ALTER TABLE calls ADD COLUMN edge_call_id TEXT;
-- Why the edge ended the call: bye, cancel, reject, no_answer, lease_expired.
ALTER TABLE calls ADD COLUMN hangup_cause TEXT;
CREATE UNIQUE INDEX calls_by_edge_call ON calls (account_id, edge_call_id);

CREATE TABLE call_trace (
    -- A ULID, in the order of the steps.
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- SIP's Call-ID. A call may have steps and no row: one whose caller did not authenticate.
    call_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    source TEXT NOT NULL,
    step TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX call_trace_by_call ON call_trace (account_id, call_id, id);
CREATE INDEX call_trace_by_time ON call_trace (account_id, at);

-- Admitted calls that have not ended.
CREATE TABLE edge_open_calls (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    call_id TEXT NOT NULL,
    -- domain::edge::cac::OpenCall as JSON.
    call TEXT NOT NULL,
    PRIMARY KEY (account_id, call_id)
);

-- The contacts of each address of record. A row without contacts stays until it is pruned, so that an older one does not
-- replace it.
CREATE TABLE edge_bindings (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    aor TEXT NOT NULL,
    -- A list of domain::edge::binding::Binding as JSON.
    bindings TEXT NOT NULL,
    -- When the last of them expires.
    expires_at BIGINT NOT NULL,
    -- A ULID, in the order of the changes.
    changed TEXT NOT NULL,
    PRIMARY KEY (account_id, aor)
);
CREATE INDEX edge_bindings_by_expiry ON edge_bindings (account_id, expires_at);

-- The last event of each agent.
CREATE TABLE edge_agents (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    user_id TEXT NOT NULL,
    event TEXT NOT NULL,
    changed TEXT NOT NULL,
    PRIMARY KEY (account_id, user_id)
);
