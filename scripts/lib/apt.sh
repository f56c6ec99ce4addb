# shellcheck shell=bash
# Debian packages, installed as root or through sudo; elsewhere a clear word on what is needed.

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

# Another apt may be at work (unattended upgrades), and a mirror may be slow: wait, but not for ever.
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
  # Old or empty package lists name files that no longer exist. A broken foreign source must not stop us: the
  # install below has the last word.
  if [ -z "${apt_updated:-}" ]; then
    quietly apt_get update || warn "apt-get update reported a problem; going on with what is known."
    apt_updated=1
  fi
  quietly apt_get install -y --no-install-recommends "$@"
}
