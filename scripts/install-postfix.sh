#!/usr/bin/env bash
# Installs Debian's Postfix for the test against a real mail server where it can; says so where it cannot, and that test
# skips loudly. It is installed without a configuration, so that no mail server of the machine is started.
set -u
if [ -x /usr/sbin/postfix ]; then
  echo "Postfix is here: /usr/sbin/postfix"
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "No Postfix, and this user cannot install one: its test will be skipped." >&2
  exit 0
fi
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections 2>/dev/null
if apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postfix >/dev/null; then
  echo "Postfix installed: /usr/sbin/postfix"
else
  echo "Postfix could not be installed: its test will be skipped." >&2
fi
