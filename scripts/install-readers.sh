#!/usr/bin/env bash
# Installs Debian's feed readers for the tests of what they see, where it can; says so where it cannot, and those tests
# skip loudly, reader by reader.
set -u
missing=()
for pair in newsboat:newsboat sfeed_update:sfeed r2e:rss2email curl:curl; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair##*:}")
done
/usr/bin/python3 -c 'import feedparser' >/dev/null 2>&1 || missing+=(python3-feedparser)
if [ "${#missing[@]}" = 0 ]; then
  echo "The feed readers are here: newsboat, sfeed, rss2email, python3-feedparser"
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing, and this user cannot install them: ${missing[*]}. The tests of these readers will be skipped." >&2
  exit 0
fi
apt-get update >/dev/null || true
# One by one: what a release of Debian lacks is not to cost the others.
for package in "${missing[@]}"; do
  if DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" >/dev/null; then
    echo "Installed: $package"
  else
    echo "Could not be installed: $package. Its tests will be skipped." >&2
  fi
done
