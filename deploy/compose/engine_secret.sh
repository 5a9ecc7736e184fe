#!/usr/bin/env bash
# The secret with which the order service logs in to the engine: made once, kept in a volume, not in a settings file.
# "rotate" makes a new one, and the old one stays valid beside it; "forget" ends the old one.
set -euo pipefail
cd "${SECRETS:-/secrets}"
umask 022

make_one() {
  head -c 33 /dev/urandom | base64 > secret.unfinished
  mv secret.unfinished engine_secret
}

test -s engine_secret || make_one
test -e engine_secret_before || : > engine_secret_before
case "${1:-}" in
  "") ;;
  rotate) cp engine_secret engine_secret_before; make_one ;;
  forget) : > engine_secret_before ;;
  *) echo "This may be 'rotate' or 'forget', not '$1'." >&2; exit 2 ;;
esac
