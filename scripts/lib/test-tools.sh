# shellcheck shell=bash
# What only the tests need: a browser, fonts for screenshots, servers of databases, and Kamailio with its test client.

postgres_bin() { # the newest server on this machine
  find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname
}

redis_server() { command -v redis-server || command -v valkey-server || true; }

kamailio_packages=(kamailio kamailio-extra-modules kamailio-tls-modules kamailio-utils-modules sip-tester)

kamailio_ready() { # the server, a module of each package, and sipp
  local module
  [ -x /usr/sbin/kamailio ] && have sipp || return 1
  for module in crypto http_client jansson; do
    [ -n "$(find /usr/lib/*/kamailio/modules -name "$module.so" 2>/dev/null)" ] || return 1
  done
}

# The package starts a Kamailio of its own, which would occupy port 5060.
kamailio_off() {
  if have systemctl && [ -d /run/systemd/system ]; then as_root systemctl disable --now --quiet kamailio || true; fi
}

test_tools_ready() {
  have chromium && have curl && [ -n "$(postgres_bin)" ] && [ -n "$(redis_server)" ] && kamailio_ready &&
    [ -d /usr/share/fonts/truetype/liberation ]
}

test_tools_install() {
  apt_install chromium curl fonts-liberation postgresql redis-server "${kamailio_packages[@]}"
  kamailio_off
}
