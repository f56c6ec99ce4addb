# shellcheck shell=bash
# Tools written in Rust: built once per version into the cache.

tool_dir() { printf '%s/%s-%s' "$TRUNKLINE_CACHE" "$1" "$2"; }

# Without the tool's own release profile: its link-time optimisation takes half an hour and gains nothing here.
cargo_tool() { # crate, version, further arguments of cargo install
  local crate=$1 version=$2 dir
  dir=$(tool_dir "$1" "$2")
  shift 2
  if have cargo-binstall && timeout 120 cargo binstall --no-confirm --disable-strategies compile \
    --root "$dir" "$crate@$version" </dev/null; then
    return
  fi
  # One shared folder outside the checkout, so that an interrupted build can continue.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    CARGO_TARGET_DIR="$TRUNKLINE_CACHE/build" RUSTFLAGS='' \
    cargo install "$crate" --version "$version" --root "$dir" "$@" </dev/null
}

cargo_leptos_ready() { [ -x "$(tool_dir cargo-leptos "$CARGO_LEPTOS_VERSION")/bin/cargo-leptos" ]; }
cargo_leptos_install() { cargo_tool cargo-leptos "$CARGO_LEPTOS_VERSION" --locked; }

wasm_bindgen_ready() { [ -x "$(tool_dir wasm-bindgen-cli "$(wasm_bindgen_version)")/bin/wasm-bindgen" ]; }
wasm_bindgen_install() { cargo_tool wasm-bindgen-cli "$(wasm_bindgen_version)"; }

cargo_machete_ready() { [ -x "$(tool_dir cargo-machete "$CARGO_MACHETE_VERSION")/bin/cargo-machete" ]; }
cargo_machete_install() { cargo_tool cargo-machete "$CARGO_MACHETE_VERSION" --locked; }

cargo_deny_ready() { [ -x "$(tool_dir cargo-deny "$CARGO_DENY_VERSION")/bin/cargo-deny" ]; }
cargo_deny_install() { cargo_tool cargo-deny "$CARGO_DENY_VERSION" --locked; }

schemathesis_bin() { printf '%s/bin/st' "$(tool_dir schemathesis "$SCHEMATHESIS_VERSION")"; }
schemathesis_ready() { [ -x "$(schemathesis_bin)" ]; }
schemathesis_install() {
  python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
  python3 -m venv --clear "$(tool_dir schemathesis "$SCHEMATHESIS_VERSION")"
  "$(tool_dir schemathesis "$SCHEMATHESIS_VERSION")/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS_VERSION"
}
