-- Purchases of phone numbers at a provider, from the recorded intent to the end (docs/decisions/0020-number-purchases.md).
CREATE TABLE number_purchases (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- E.164.
    number TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- The account at the provider that is charged.
    provider_account TEXT NOT NULL,
    country TEXT NOT NULL,
    label TEXT,
    bot_id TEXT,
    requested_by TEXT,
    requested_by_name TEXT NOT NULL,
    -- The user, or the one behind the API key.
    user_id TEXT,
    state TEXT NOT NULL,
    -- 1: the state is none of the final ones.
    is_active BIGINT NOT NULL,
    -- How often the provider was asked to buy the number, and when last.
    buys BIGINT NOT NULL,
    buy_sent_at BIGINT NOT NULL,
    -- Why the provider has refused the last request to buy, where an earlier one may have been executed.
    refusal_code TEXT,
    refusal TEXT,
    -- The provider's own id of the number.
    provider_ref TEXT,
    carrier_id TEXT,
    did_id TEXT,
    bought_at BIGINT NOT NULL,
    provisioned_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    error_code TEXT,
    error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
-- A number is bought once, whoever asks for it on whichever server.
CREATE UNIQUE INDEX number_purchases_active ON number_purchases (account_id, number) WHERE is_active = 1;
CREATE INDEX number_purchases_by_due ON number_purchases (due_at) WHERE is_active = 1;
CREATE INDEX number_purchases_by_created ON number_purchases (account_id, created_at, id);
CREATE INDEX number_purchases_by_did ON number_purchases (did_id) WHERE did_id IS NOT NULL;
