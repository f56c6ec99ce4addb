-- The hosts whose workers run calls.
CREATE TABLE fleet_servers (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- Base URL, normalised.
    url TEXT NOT NULL,
    name TEXT,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX fleet_servers_by_url ON fleet_servers (account_id, url);

-- Increases with each change of the account's fleet servers, which are also saved as one list.
ALTER TABLE accounts ADD COLUMN fleet_version BIGINT NOT NULL DEFAULT 0;
