#!/usr/bin/env bash
# Installs Debian's Chromium for the screenshot tests where it can; says so where it cannot, and the tests skip loudly.
set -u
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
    echo "Chromium is here: $(command -v "$name")"
    exit 0
  fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "No Chromium, and this user cannot install one: the screenshot tests will be skipped." >&2
  exit 0
fi
if apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
  chromium fonts-liberation fonts-dejavu-core fonts-noto-color-emoji >/dev/null; then
  echo "Chromium installed: $(command -v chromium)"
else
  echo "Chromium could not be installed: the screenshot tests will be skipped." >&2
fi
