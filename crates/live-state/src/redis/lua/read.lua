-- KEYS: values. ARGV[1]: clock. The time, then the values, '' where there is none.
local time = redis.call('TIME')
local answer = {string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])}
for index, key in ipairs(KEYS) do answer[index + 1] = redis.call('GET', key) or '' end
return answer
