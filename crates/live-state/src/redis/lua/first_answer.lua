-- KEYS[1]: the call's answer. ARGV: clock, answer, lifetime. An empty answer is not stored. The valid answer, if it is another.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local stored = redis.call('HMGET', KEYS[1], 'answer', 'expires_at')
if stored[1] and tonumber(stored[2]) > now then return stored[1] end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], 'answer', ARGV[2], 'expires_at', string.format('%.0f', now + ARGV[3]))
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return false
