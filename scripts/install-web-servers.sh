#!/usr/bin/env bash
# Installs Debian's nginx and Caddy for the tests of the configs that `publish` writes for them, where it can; says so
# where it cannot, and those tests skip loudly. Neither is started: the tests run their own.
set -u
missing=()
for name in nginx caddy; do
  command -v "$name" >/dev/null 2>&1 || missing+=("$name")
done
if [ "${#missing[@]}" = 0 ]; then
  echo "The web servers are here: nginx, caddy"
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing, and this user cannot install them: ${missing[*]}. Their tests will be skipped." >&2
  exit 0
fi
# Debian starts what it installs, unless this says no (invoke-rc.d(8)).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
fi
apt-get update >/dev/null || true
for package in "${missing[@]}"; do
  if DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" >/dev/null; then
    echo "Installed: $package"
  else
    echo "Could not be installed: $package. Its tests will be skipped." >&2
  fi
done
