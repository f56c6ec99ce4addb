# shellcheck shell=bash
# Node.js and the npm packages: Tailwind, wasm-opt, the fonts, and Playwright.

node_ready() {
  have node && have npm && version_at_least "$(node --version | tr -d v)" "$NODE_MAJOR"
}

node_install() {
  if ! have node || ! have npm; then apt_install nodejs npm; fi
  node_ready && return
  # Debian 12 has Node.js 18; npm can install a newer one for this project only.
  quietly npm install --prefix "$TRUNKLINE_CACHE/node-$NODE_VERSION" "node@$NODE_VERSION"
  PATH="$TRUNKLINE_CACHE/node-$NODE_VERSION/node_modules/.bin:$PATH"
  hash -r
}

# The copy of the lock file is the one that node_modules was installed from.
npm_packages_ready() { cmp -s "$TRUNKLINE_ROOT/package-lock.json" "$TRUNKLINE_ROOT/node_modules/.installed-lock.json"; }
npm_packages_install() {
  (cd "$TRUNKLINE_ROOT" && npm ci --no-fund --no-audit </dev/null)
  cp "$TRUNKLINE_ROOT/package-lock.json" "$TRUNKLINE_ROOT/node_modules/.installed-lock.json"
}
