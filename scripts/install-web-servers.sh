#!/usr/bin/env bash
# Installs Debian's nginx and Caddy for the tests of the configs that `publish` writes for them, where it can; says so
# where it cannot, and those tests skip loudly. Neither is started: the tests run their own.
set -u
. "$(dirname "$0")/debian.sh"
missing=()
for name in nginx caddy; do
  command -v "$name" >/dev/null 2>&1 || missing+=("$name")
done
if [ "${#missing[@]}" = 0 ]; then
  echo "The web servers are here: nginx, caddy"
  exit 0
fi
# Debian starts what it installs, unless this says no (invoke-rc.d(8)).
policy=/usr/sbin/policy-rc.d
if [ "$(id -u)" = 0 ] && [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
fi
install_for "The tests of their configs" "${missing[@]}"
