-- KEYS[1]: the nonce. ARGV: clock, count, response, lifetime.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local last = redis.call('HMGET', KEYS[1], 'count', 'response', 'expires_at')
local count = tonumber(ARGV[2])
local known = last[1] and tonumber(last[3]) > now
if known then
  if count == tonumber(last[1]) and ARGV[3] == last[2] then return 'retransmission' end
  if count <= tonumber(last[1]) then return 'replay' end
  redis.call('HSET', KEYS[1], 'count', ARGV[2], 'response', ARGV[3])
  return 'fresh'
end
redis.call('HSET', KEYS[1], 'count', ARGV[2], 'response', ARGV[3], 'expires_at', string.format('%.0f', now + ARGV[4]))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 'fresh'
