# shellcheck shell=bash
# Debian packages, installed as root or through sudo; on other systems a message lists what is needed.

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "This needs root, and there is no sudo here. Run as root, then start again:
  $*"
  fi
}

# Another apt may be running (unattended upgrades), and a mirror may be slow: wait, but not without limit.
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 "$@"
}

apt_install() {
  have apt-get || die "This is not a Debian-like system, so the set-up cannot install packages. Please install what Debian calls:
  $*"
  if [ "$(id -u)" != 0 ] && ! have sudo; then
    die "Packages are missing, and installing them needs root. Run this as root, then start again:
  apt-get update && apt-get install -y --no-install-recommends $*"
  fi
  # Old or empty package lists name files that no longer exist. A broken third-party source is no error here: the
  # installation below decides.
  if [ -z "${apt_updated:-}" ]; then
    quietly apt_get update || warn "apt-get update reported a problem; continuing with the lists that exist."
    apt_updated=1
  fi
  quietly apt_get install -y --no-install-recommends "$@"
}
