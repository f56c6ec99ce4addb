expire()
local answer = {}
for index, call in ipairs(redis.call('LRANGE', expired, 0, -1)) do answer[index] = cjson.decode(call) end
redis.call('DEL', expired)
return answer
