#!/usr/bin/env bash
# Installs Debian's Chromium for the screenshot tests where it can; says so where it cannot, and the tests skip loudly.
set -u
. "$(dirname "$0")/debian.sh"
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
    echo "Chromium is here: $(command -v "$name")"
    exit 0
  fi
done
install_for "The tests in a browser" chromium fonts-liberation fonts-dejavu-core fonts-noto-color-emoji
