#!/usr/bin/env bash
# Installs Debian's feed readers for the tests of what they see, where it can; says so where it cannot, and those tests
# skip loudly, reader by reader.
set -u
. "$(dirname "$0")/debian.sh"
missing=()
for pair in newsboat:newsboat sfeed_update:sfeed r2e:rss2email curl:curl; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair##*:}")
done
/usr/bin/python3 -c 'import feedparser' >/dev/null 2>&1 || missing+=(python3-feedparser)
if [ "${#missing[@]}" = 0 ]; then
  echo "The feed readers are here: newsboat, sfeed, rss2email, python3-feedparser"
else
  install_for "The tests of these readers" "${missing[@]}"
fi
