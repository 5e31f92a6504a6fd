# Installs Debian packages for tests that want more than npm gives; sourced by the scripts that name them.

# install_for WHAT PACKAGE...: says what it did; WHAT is skipped loudly where a package cannot be had. Never fails.
install_for() {
  local what=$1 package
  shift
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing, and this user cannot install them: $*. $what will be skipped." >&2
    return
  fi
  apt-get update >/dev/null || true
  # One by one: what a release of Debian lacks is not to cost the others.
  for package in "$@"; do
    if DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" >/dev/null; then
      echo "Installed: $package"
    else
      echo "Could not be installed: $package. $what will be skipped." >&2
    fi
  done
}
