#!/usr/bin/env bash
# Installs Debian's Postfix for the test against a real mail server where it can; says so where it cannot, and that test
# skips loudly. It is installed without a configuration, so that no mail server of the machine is started.
set -u
. "$(dirname "$0")/debian.sh"
if [ -x /usr/sbin/postfix ]; then
  echo "Postfix is here: /usr/sbin/postfix"
  exit 0
fi
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections 2>/dev/null
install_for "The test against a mail server" postfix
