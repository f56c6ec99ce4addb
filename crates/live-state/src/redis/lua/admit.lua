-- ARGV: clock, Call-ID, lease, parties, then three lists with their lengths: channels and alternatives (dimension, max or ''),
-- windows (key, period_sec, max_count, hard). All refusals are decided before anything is written.
local id, lease, parties = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local position = 5

local function next_argument()
  position = position + 1
  return ARGV[position - 1]
end

local function limits()
  local list = {}
  for _ = 1, tonumber(next_argument()) do
    local dimension, max = next_argument(), next_argument()
    list[#list + 1] = {dimension = dimension, max = tonumber(max)}
  end
  return list
end

local channels, alternatives, limited = limits(), limits(), {}
for _ = 1, tonumber(next_argument()) do
  local key, period, max, hard = next_argument(), next_argument(), next_argument(), next_argument()
  limited[#limited + 1] = {key = key, period = tonumber(period), max = tonumber(max), hard = hard}
end

expire()

local record = redis.call('HGET', calls, id)
if record then
  local dimensions = ',' .. string.match(record, '\n([^\n]*)\n') .. ','
  for index, limit in ipairs(alternatives) do
    if string.find(dimensions, ',' .. limit.dimension .. ',', 1, true) then
      return {'repeated', tostring(index - 1)}
    end
  end
  return {'repeated', ''}
end

local function without_channel(limit)
  if not limit.max then return nil end
  local count = tonumber(redis.call('HGET', in_use, limit.dimension) or 0)
  if count < limit.max then return nil end
  return {'channels', limit.dimension, integer(limit.max), integer(count)}
end

for _, limit in ipairs(channels) do
  local refusal = without_channel(limit)
  if refusal then return refusal end
end

local function retry_after(limit, count)
  for _, step in ipairs(redis.call('LRANGE', steps_of(limit.key), 0, -1)) do
    local at, calls_of_step = string.match(step, '^(%d+):(%d+)$')
    count = count - calls_of_step
    if count < limit.max then return integer(at + limit.period * 1000 - now) end
  end
  return ''
end

for index, limit in ipairs(limited) do
  if limit.hard == '1' then
    local stored = stored_window(limit.key)
    local count = 0
    if stored then
      count = forget_old(limit.key, stored.count, limit.period)
      redis.call('HSET', windows, limit.key, integer(count) .. ':' .. limit.period .. ':' .. stored.max .. ':' .. stored.hard)
    end
    if count >= limit.max then return {'window', tostring(index - 1), retry_after(limit, count)} end
  end
end

local used
for index, limit in ipairs(alternatives) do
  local refusal = without_channel(limit)
  if not refusal then
    used = index
    channels[#channels + 1] = limit
    break
  elseif index == #alternatives then
    return refusal
  end
end

local dimensions, known = {}, {}
for _, limit in ipairs(channels) do
  if not known[limit.dimension] then
    known[limit.dimension] = true
    dimensions[#dimensions + 1] = limit.dimension
    redis.call('HINCRBY', in_use, limit.dimension, 1)
    if limit.max then
      redis.call('HSET', maxima, limit.dimension, integer(limit.max))
    else
      redis.call('HDEL', maxima, limit.dimension)
    end
  end
end
open(id, now, now + lease, dimensions, parties)

local answer = {'admitted', used and tostring(used - 1) or ''}
if #limited > 0 then
  for _, window in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', integer(now), 'LIMIT', 0, 10)) do remove_window(window) end
end
local counted = {}
for index, limit in ipairs(limited) do
  if not counted[limit.key] then
    counted[limit.key] = true
    local list, stored, count = steps_of(limit.key), stored_window(limit.key), 0
    if stored then count = forget_old(limit.key, stored.count, limit.period) end
    -- A thousandth of the period in milliseconds is its length in seconds.
    local at = math.ceil(now / limit.period) * limit.period
    local last = redis.call('LINDEX', list, -1)
    local last_at, last_count = string.match(last or '', '^(%d+):(%d+)$')
    if last_at and tonumber(last_at) >= at then
      at = tonumber(last_at)
      redis.call('LSET', list, -1, last_at .. ':' .. integer(last_count + 1))
    else
      redis.call('RPUSH', list, integer(at) .. ':1')
    end
    redis.call('HSET', windows, limit.key,
      integer(count + 1) .. ':' .. limit.period .. ':' .. integer(limit.max) .. ':' .. limit.hard)
    redis.call('ZADD', ends, integer(at + limit.period * 1000), limit.key)
    if count + 1 > limit.max then answer[#answer + 1] = tostring(index - 1) end
  end
end
return answer
