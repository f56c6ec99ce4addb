-- The list of a carrier's DIDs. Each of its orders has an index.

-- Lower case, for the search and the order. Empty where there is none: NULL sorts differently in the two databases.
ALTER TABLE dids ADD COLUMN label_key TEXT NOT NULL DEFAULT '';
-- The name_key of the bot. Kept up to date by the transactions that rename, assign or delete a bot.
ALTER TABLE dids ADD COLUMN bot_key TEXT NOT NULL DEFAULT '';
UPDATE dids SET
    label_key = lower(COALESCE(label, '')),
    bot_key = COALESCE((SELECT name_key FROM bots WHERE bots.id = dids.bot_id), '');

CREATE INDEX dids_by_label ON dids (carrier_id, label_key, number_key);
CREATE INDEX dids_by_direction ON dids (carrier_id, direction, number_key);
CREATE INDEX dids_by_bot_name ON dids (carrier_id, bot_key, number_key);

DROP INDEX dids_by_bot;
CREATE INDEX dids_by_bot ON dids (bot_id, carrier_id, number_key);
