-- The search for a phone number reads the countries of the account's carriers, one index search for each country.
-- Partial, since SQLite would otherwise prefer this index to those of what needs attention (0004).
CREATE INDEX carriers_by_country ON carriers (account_id, destination_country) WHERE destination_country IS NOT NULL;
