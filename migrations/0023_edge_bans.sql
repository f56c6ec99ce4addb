-- Bans of the SIP edge: by this server, and as nodes report theirs (docs/decisions/0023-edge-security.md).
CREATE TABLE edge_bans (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- An address, or a range in CIDR notation.
    ip TEXT NOT NULL,
    -- The user who is banned there; empty: everybody.
    username TEXT NOT NULL,
    -- The node that has reported it; empty: this server.
    node TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    -- Why the source cannot be banned; empty: it can.
    flag TEXT NOT NULL,
    -- ip, username, node, reason and user_agent in lower case.
    search TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- 9223372036854775807: until the node no longer reports it.
    expires_at BIGINT NOT NULL,
    -- 0: it was not lifted.
    lifted_at BIGINT NOT NULL,
    lifted_by TEXT NOT NULL,
    -- 1: the node's last report has it.
    is_reported BIGINT NOT NULL
);
CREATE INDEX edge_bans_by_end ON edge_bans (account_id, expires_at);
CREATE INDEX edge_bans_by_node ON edge_bans (account_id, node) WHERE is_reported = 1;
