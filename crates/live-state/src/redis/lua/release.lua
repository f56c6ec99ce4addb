-- ARGV: clock, Call-ID. The call that was open.
expire()
return close(ARGV[2])
