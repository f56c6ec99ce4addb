local open_calls = redis.call('HLEN', calls)
for _, window in ipairs(redis.call('HKEYS', windows)) do redis.call('DEL', steps_of(window)) end
redis.call('DEL', calls, leases, in_use, maxima, expired, windows, ends)
return open_calls
