# shellcheck shell=bash
# Output: numbered steps, and the full output of failed commands only.

if [ -t 1 ]; then bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'; else bold='' red='' plain=''; fi

have() { command -v "$1" >/dev/null 2>&1; }
say() { printf '%s\n' "$*"; }
headline() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
  printf '%s%s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

elapsed() { # start, in $SECONDS
  local s=$((SECONDS - $1))
  if ((s < 60)); then printf '%d s' "$s"; else printf '%d min %02d s' $((s / 60)) $((s % 60)); fi
}

# Runs a noisy command; shows its output only when it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status)); then tail -n 40 "$log" >&2; fi
  rm -f "$log"
  return "$status"
}

# One numbered step of the set-up: skipped if its check passes, and checked again afterwards.
step_number=0
step_count=0 # set by the caller
step() { # title, note, check, act
  local title=$1 note=$2 check=$3 act=$4 start=$SECONDS
  step_number=$((step_number + 1))
  if "$check"; then
    say "[$step_number/$step_count] $title: ready"
    return
  fi
  headline "[$step_number/$step_count] $title: $note"
  "$act"
  "$check" || die "$title: still not usable after the set-up. The output above says why."
  say "[$step_number/$step_count] $title: done in $(elapsed "$start")"
}
