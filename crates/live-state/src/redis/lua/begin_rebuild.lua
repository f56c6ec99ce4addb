-- KEYS: rebuilt, rebuilding. ARGV[1]: how long the rebuild may last.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then return 1 end
return 0
