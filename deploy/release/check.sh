#!/usr/bin/env bash
# Builds the release of this commit twice, here and from a checkout in another directory, and compares every byte. Libraries are those that are installed here, so that
# what is compared is what this repository makes of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

make --no-print-directory release >/dev/null
git archive HEAD | tar -C "$again" -xf -
# Hard links where they can be: nothing writes to what is installed.
cp -al node_modules "$again/node_modules" 2>/dev/null || cp -a node_modules "$again/node_modules"
rm -rf "$again/node_modules/.cache" "$again/node_modules/.installed" && touch "$again/node_modules/.installed"
make --no-print-directory -C "$again" release >/dev/null
if ! diff build/release/out/SHA256SUMS "$again/build/release/out/SHA256SUMS"; then
  echo 'release-check: error: two builds of one commit differ; diffoscope (Debian: diffoscope) says where' >&2
  exit 1
fi
wc -l <build/release/out/SHA256SUMS | sed 's/$/ files, the same bytes twice/'
