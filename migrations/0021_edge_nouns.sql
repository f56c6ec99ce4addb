-- What the routing of the SIP edge reads: SIP domains, edge users, devices, extensions and so on, whose settings are JSON.
CREATE TABLE edge_objects (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- In lower case, for the order of lists and for searching.
    name_key TEXT NOT NULL,
    -- The DID without which the object means nothing.
    did_id TEXT REFERENCES dids (id) ON DELETE CASCADE,
    settings TEXT NOT NULL,
    -- HA1 of a device.
    sealed TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX edge_objects_by_name ON edge_objects (account_id, kind, name_key, id);
CREATE INDEX edge_objects_by_id ON edge_objects (account_id, id);
CREATE INDEX edge_objects_by_did ON edge_objects (did_id) WHERE did_id IS NOT NULL;

-- What no two objects of a kind have in common, such as a device's username and realm.
CREATE TABLE edge_keys (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES edge_objects (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, kind, key)
);
CREATE INDEX edge_keys_by_object ON edge_keys (object_id);

-- The rows that an object names: other objects, carriers, DIDs and bots. A row that is named is not deleted.
CREATE TABLE edge_references (
    from_id TEXT NOT NULL REFERENCES edge_objects (id) ON DELETE CASCADE,
    to_id TEXT NOT NULL,
    PRIMARY KEY (from_id, to_id)
);
CREATE INDEX edge_references_by_target ON edge_references (to_id, from_id);
