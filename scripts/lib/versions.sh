# shellcheck shell=bash disable=SC2034 # read by the files that source this one
# Every version that the set-up pins. npm packages are pinned in package.json.

RUST_VERSION=1.96.0 # the oldest that builds the project and cargo-leptos
CARGO_LEPTOS_VERSION=0.3.11
CARGO_MACHETE_VERSION=0.9.2
CARGO_DENY_VERSION=0.20.2
SCHEMATHESIS_VERSION=4.32.5
NODE_MAJOR=20       # the oldest that Tailwind and Playwright run on
NODE_VERSION=22     # installed if the system's is older

# wasm-bindgen's command-line tool must have the exact version of the library, so Cargo.lock decides.
wasm_bindgen_version() {
  local locked=
  if [ -f "$TRUNKLINE_ROOT/Cargo.lock" ]; then
    locked=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3; exit }' "$TRUNKLINE_ROOT/Cargo.lock")
  fi
  printf '%s\n' "${locked:-0.2.130}"
}

version_at_least() { # have want
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}
