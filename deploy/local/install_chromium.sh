#!/usr/bin/env bash
# The browser tests use the system's Chromium. Where it cannot be installed this says so and lets the other tests run.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Chromium is missing and only root on a Debian system can install it from here: install it yourself for the browser tests."
  exit 0
fi
echo "Installing Chromium for the browser tests"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >"$log" 2>&1; then
  tail -n 3 "$log"
  echo "Chromium could not be installed: check the network and Debian's package sources, then run again."
fi
