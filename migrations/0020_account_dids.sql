-- The list of all phone numbers, on whichever carrier. Each of its orders has an index; that of the number is dids_by_number.
CREATE INDEX dids_by_account_label ON dids (account_id, label_key, number_key);
CREATE INDEX dids_by_account_direction ON dids (account_id, direction, number_key);
CREATE INDEX dids_by_account_bot ON dids (account_id, bot_key, number_key);
