# shellcheck shell=bash
# A Rust compiler that builds for this machine and for WebAssembly.
#
# By default from rustup. Without rustup, or without network for it, Debian's compiler is used; Debian has no WebAssembly
# standard library for it, so that is built once from Debian's sources.
# TRUNKLINE_RUST=rustup or =debian selects one; the choice is stored in the cache.

wasm_target=wasm32-unknown-unknown

rustc_field() { rustc -vV | sed -n "s/^$1: //p"; }

# Links an empty library for WebAssembly, which detects a missing target, a missing linker and the standard library of
# another compiler, in a fraction of a second.
rust_links_wasm() {
  local out
  out=$(mktemp -d)
  echo 'pub fn nothing() {}' |
    rustc --target "$wasm_target" --crate-type cdylib --crate-name probe -o "$out/probe.wasm" - >/dev/null 2>&1
  local status=$?
  rm -rf "$out"
  return "$status"
}

rust_recent() { have cargo && version_at_least "$(rustc_field release 2>/dev/null)" "$RUST_VERSION"; }
rust_ready() {
  case ${TRUNKLINE_RUST:-}:${RUSTUP_TOOLCHAIN:-} in rustup:debian) return 1 ;; debian:*) rust_is_debian || return 1 ;; esac
  rust_recent && cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && rust_links_wasm
}
rust_is_debian() { have rustc && [ "$(rustc --print sysroot 2>/dev/null)" = /usr ]; }

rust_use() { # rustup toolchain, or nothing for the active one
  mkdir -p "$TRUNKLINE_CACHE"
  printf '%s' "$1" >"$TRUNKLINE_CACHE/rust-toolchain"
  if [ -n "$1" ]; then export RUSTUP_TOOLCHAIN=$1; else unset RUSTUP_TOOLCHAIN; fi
}

rust_install() {
  case ${TRUNKLINE_RUST:-} in
    rustup) rust_from_rustup || die "rustup could not provide Rust $RUST_VERSION with $wasm_target." ;;
    debian) rust_from_debian ;;
    *) rust_from_rustup || rust_from_debian ;;
  esac
}

rust_from_rustup() {
  have rustup || return 1
  # Without network rustup fails or blocks, hence the time-out. (100 means: newer releases exist.)
  local status=0
  timeout 30 rustup check >/dev/null 2>&1 </dev/null || status=$?
  if ((status != 0 && status != 100)); then
    say "rustup cannot reach its server; using Debian's compiler instead."
    return 1
  fi
  rust_use ''
  if rust_recent && timeout 120 rustup target add "$wasm_target" && quietly rustup component add clippy rustfmt && rust_ready; then
    return 0
  fi
  timeout 600 rustup toolchain install "$RUST_VERSION" --profile minimal --no-self-update \
    --component clippy,rustfmt --target "$wasm_target" </dev/null || return 1
  rust_use "$RUST_VERSION"
  rust_ready
}

rust_from_debian() {
  have apt-get || die "Rust $RUST_VERSION or newer with the target $wasm_target is needed: see https://rustup.rs, then
  rustup target add $wasm_target"
  apt_install gcc libc6-dev rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web
  if have rustup; then
    [ "$(RUSTUP_TOOLCHAIN=debian rustc --print sysroot 2>/dev/null)" = /usr ] || quietly rustup toolchain link debian /usr
    rust_use debian
  else
    rust_use ''
  fi
  rust_recent || die "Debian's rustc-web is $(rustc_field release); $RUST_VERSION or newer is needed. Is the security
archive of this Debian release among the package sources? Otherwise install Rust from https://rustup.rs."
  rust_debian_linker
  rust_links_wasm || rust_debian_wasm_std
}

# rustc expects its WebAssembly linker under this name, beside its libraries. The major version must be that of LLVM.
rust_debian_linker() {
  local llvm linker
  llvm=$(rustc_field 'LLVM version')
  llvm=${llvm%%.*}
  linker="/usr/lib/rustlib/$(rustc_field host)/bin/rust-lld"
  [ -x "/usr/lib/llvm-$llvm/bin/lld" ] || apt_install "lld-$llvm"
  if [ "$(readlink -f "$linker")" != "$(readlink -f "/usr/lib/llvm-$llvm/bin/lld")" ]; then
    as_root mkdir -p "$(dirname "$linker")"
    as_root ln -sf "/usr/lib/llvm-$llvm/bin/lld" "$linker"
  fi
}

rust_debian_wasm_std() {
  say "Building the WebAssembly standard library (about 1 min, only this once)"
  local work libs=/usr/lib/rustlib/$wasm_target/lib
  work=$(mktemp -d)
  mkdir -p "$work/src"
  echo '#![no_std]' >"$work/src/lib.rs"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n[profile.release]\ndebug = false\n' >"$work/Cargo.toml"
  # embed-bitcode: without it, link-time optimisation of the front end fails.
  # RUSTC_BOOTSTRAP allows -Z on a stable compiler, for this build only.
  (
    cd "$work" || exit
    RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Cembed-bitcode=yes' CARGO_TARGET_DIR="$work/target" cargo build --quiet --release \
      --target "$wasm_target" -Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test
  )
  find "$work/target/$wasm_target/release/deps" -name 'libempty-*' -delete
  as_root rm -rf "$libs"
  as_root mkdir -p "$libs"
  as_root cp "$work/target/$wasm_target/release/deps/"*.rlib "$libs/"
  as_root chmod -R a+rX "/usr/lib/rustlib/$wasm_target"
  rm -rf "$work"
  # Artifacts of an earlier standard library are incompatible (E0463).
  rm -rf "$TRUNKLINE_ROOT/target/$wasm_target" "$TRUNKLINE_ROOT/target/front"
}
