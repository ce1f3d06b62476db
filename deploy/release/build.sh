#!/usr/bin/env bash
# Everything of a release, in build/release/out: the npm package, the Debian packages, the bill of materials, and the checksums of all of them. The same commit
# gives the same bytes, given the same libraries and the same Node (docs/deploying.md).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
umask 0022
# One that is set for whoever builds is no part of what is built.
export LC_ALL=C TZ=UTC
if [ -d .git ] && [ -n "$(git status --porcelain)" ]; then
  echo 'release: error: a release is of a commit, and there are changes beside it: commit them, or put them away' >&2
  exit 1
fi

out=build/release/out
rm -rf build/release build/deb && mkdir -p "$out"
node deploy/release/npm-package.mjs
npm pack ./build/release/package --ignore-scripts --silent --pack-destination "$out" >/dev/null
for package in edge cloud exporter; do ./deploy/$package/build-deb.sh >/dev/null; done
cp build/deb/*.deb "$out/"
node deploy/release/bill-of-materials.mjs build/release/package "$out/tongguan-$(node -p "require('./package.json').version").cdx.json"
(cd "$out" && find . -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS && cat SHA256SUMS)
