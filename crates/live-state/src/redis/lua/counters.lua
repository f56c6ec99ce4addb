-- Two lists: dimension, open calls, limit or ''; window, count, period_sec, max_count, hard.
expire()
local channels, counted = {}, {}
local uses = redis.call('HGETALL', in_use)
for index = 1, #uses, 2 do
  channels[#channels + 1] = {uses[index], uses[index + 1], redis.call('HGET', maxima, uses[index]) or ''}
end
for _, window in ipairs(redis.call('HKEYS', windows)) do
  local stored = stored_window(window)
  local count = forget_old(window, stored.count, stored.period)
  if count == 0 then
    remove_window(window)
  else
    local values = stored.period .. ':' .. stored.max .. ':' .. stored.hard
    redis.call('HSET', windows, window, integer(count) .. ':' .. values)
    counted[#counted + 1] = {window, integer(count), tostring(stored.period), tostring(stored.max), stored.hard}
  end
end
return {channels, counted}
