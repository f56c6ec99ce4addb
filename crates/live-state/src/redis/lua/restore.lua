-- ARGV: clock, Call-ID, admitted_at, expires_at, parties, dimensions.
expire()
if tonumber(ARGV[4]) <= now or redis.call('HEXISTS', calls, ARGV[2]) == 1 then return 0 end
local dimensions, known = {}, {}
for index = 6, #ARGV do
  if not known[ARGV[index]] then
    known[ARGV[index]] = true
    dimensions[#dimensions + 1] = ARGV[index]
    redis.call('HINCRBY', in_use, ARGV[index], 1)
  end
end
open(ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), dimensions, ARGV[5])
return 1
