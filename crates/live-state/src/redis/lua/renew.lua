-- ARGV: clock, Call-ID, lease.
expire()
if not redis.call('ZSCORE', leases, ARGV[2]) then return 0 end
redis.call('ZADD', leases, integer(now + ARGV[3]), ARGV[2])
return 1
