-- Shared by the scripts of call admission. KEYS[1] is the account's prefix, ARGV[1] what to add to the clock in milliseconds.
local calls = KEYS[1] .. ':calls'       -- hash: Call-ID -> "admitted_at\ndimension,dimension\nparties"
local leases = KEYS[1] .. ':leases'     -- sorted set: Call-ID by the end of its lease
local in_use = KEYS[1] .. ':in_use'     -- hash: dimension -> open calls
local maxima = KEYS[1] .. ':max'        -- hash: dimension -> limit of the last request that named it
local expired = KEYS[1] .. ':expired'   -- list: calls whose lease expired
local windows = KEYS[1] .. ':windows'   -- hash: window -> "count:period_sec:max_count:hard"
local ends = KEYS[1] .. ':window_ends'  -- sorted set: window by the time at which it is empty

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]

local function integer(number) return string.format('%.0f', number) end

local function steps_of(window) return KEYS[1] .. ':window:' .. window end -- list: "time:count"

local function close(id)
  local record = redis.call('HGET', calls, id)
  if not record then return false end
  local expires_at = redis.call('ZSCORE', leases, id)
  redis.call('HDEL', calls, id)
  redis.call('ZREM', leases, id)
  for dimension in string.gmatch(string.match(record, '\n([^\n]*)\n'), '[^,]+') do
    if redis.call('HINCRBY', in_use, dimension, -1) <= 0 then
      redis.call('HDEL', in_use, dimension)
      redis.call('HDEL', maxima, dimension)
    end
  end
  return {id, expires_at, record}
end

-- The number is limited, so that a script does not keep others waiting; the next one continues.
local function expire()
  local ids = redis.call('ZRANGEBYSCORE', leases, '-inf', integer(now), 'LIMIT', 0, 1000)
  for _, id in ipairs(ids) do
    local call = close(id)
    if call then redis.call('RPUSH', expired, cjson.encode(call)) end
  end
  if #ids > 0 then redis.call('LTRIM', expired, -10000, -1) end
end

local function open(id, admitted_at, expires_at, dimensions, parties)
  redis.call('HSET', calls, id, integer(admitted_at) .. '\n' .. table.concat(dimensions, ',') .. '\n' .. parties)
  redis.call('ZADD', leases, integer(expires_at), id)
end

local function remove_window(window)
  redis.call('DEL', steps_of(window))
  redis.call('HDEL', windows, window)
  redis.call('ZREM', ends, window)
end

local function stored_window(window)
  local stored = redis.call('HGET', windows, window)
  if not stored then return nil end
  local count, period, max, hard = string.match(stored, '^(%d+):(%d+):(%d+):(%d)$')
  return {count = tonumber(count), period = tonumber(period), max = tonumber(max), hard = hard}
end

-- Removes what began before the period, and returns the number of calls that remain.
local function forget_old(window, count, period)
  local list = steps_of(window)
  while true do
    local step = redis.call('LINDEX', list, 0)
    if not step then return 0 end
    local at, calls_of_step = string.match(step, '^(%d+):(%d+)$')
    if now < at + period * 1000 then return count end
    redis.call('LPOP', list)
    count = count - calls_of_step
  end
end
