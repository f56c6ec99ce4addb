-- Providers with an API of their own, and what lets Trunkline in there. One row for each account and provider.
CREATE TABLE integrations (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- exotel
    provider TEXT NOT NULL,
    account_sid TEXT NOT NULL,
    -- The provider's region, by its API's host.
    host TEXT NOT NULL,
    api_key TEXT NOT NULL,
    api_token TEXT NOT NULL,
    -- How the last call with these credentials went; a change of them sets both back.
    last_checked_at BIGINT NOT NULL,
    last_check_error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX integrations_by_provider ON integrations (account_id, provider);

-- The provider that a number was imported from; it outlives the connection.
ALTER TABLE dids ADD COLUMN imported_from TEXT;
CREATE INDEX dids_by_origin ON dids (account_id, imported_from);
