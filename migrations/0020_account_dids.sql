-- The list of all phone numbers, on whichever carrier. Each of its orders has an index; that of the number is dids_by_number.
CREATE INDEX dids_by_account_label ON dids (account_id, label_key, number_key);
CREATE INDEX dids_by_account_direction ON dids (account_id, direction, number_key);
CREATE INDEX dids_by_account_bot ON dids (account_id, bot_key, number_key);

-- Has the bot as a column, so that SQLite prefers it to the indexes above (migration 0004).
DROP INDEX dids_unanswered;
CREATE INDEX dids_unanswered ON dids (account_id, bot_id, number_key, carrier_id)
    WHERE bot_id IS NULL AND direction <> 'outbound';
