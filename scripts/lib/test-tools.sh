# shellcheck shell=bash
# What only the tests need: a browser, fonts for screenshots, and servers of databases.

postgres_bin() { # the newest server on this machine
  find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname
}

redis_server() { command -v redis-server || command -v valkey-server || true; }

test_tools_ready() {
  have chromium && have curl && [ -n "$(postgres_bin)" ] && [ -n "$(redis_server)" ] && [ -d /usr/share/fonts/truetype/liberation ]
}

test_tools_install() { apt_install chromium curl fonts-liberation postgresql redis-server; }
