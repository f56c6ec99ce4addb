-- API keys: programs that call the API (crates/store/src/api_key.rs).
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    -- Lower case, for sorting.
    name_key TEXT NOT NULL,
    -- The first seven characters of the key, which people recognise it by.
    prefix TEXT NOT NULL,
    -- SHA-256 in hex. The key itself is in no row.
    key_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    -- RFC 3339, or NULL for never. Text, so that a time that cannot be read is refused instead of being read as never.
    expires_at TEXT,
    -- One on each line; empty for any.
    allowed_addresses TEXT NOT NULL,
    last_used_at BIGINT NOT NULL,
    -- Id of a user or of another key, and their name at that time.
    created_by TEXT,
    created_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (key_hash);
CREATE INDEX api_keys_by_name ON api_keys (account_id, name_key, id);
