expire()
local answer = {}
local records = redis.call('HGETALL', calls)
for index = 1, #records, 2 do
  answer[#answer + 1] = {records[index], redis.call('ZSCORE', leases, records[index]), records[index + 1]}
end
return answer
