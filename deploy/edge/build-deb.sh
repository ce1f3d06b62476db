#!/usr/bin/env bash
# Builds build/deb/tongguan-edge_VERSION_ARCH.deb from the compiled agent. Native parts are those of this machine: build on
# the architecture of the TCU, with the major version of Node that it runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v dpkg-deb >/dev/null || { echo 'build-deb: error: dpkg-deb is missing (Debian: dpkg)' >&2; exit 1; }

version=$(node -p "require('./package.json').version")
arch=$(dpkg --print-architecture)
node_major=$(node -p "process.versions.node.split('.')[0]")
binding=better-sqlite3
if [ "$node_major" -ge 22 ]; then binding=better-sqlite3-node22; fi
root=build/deb/root
rm -rf build/deb && mkdir -p "$root/DEBIAN" "$root/usr/lib/tongguan-edge/node_modules" "$root/lib/systemd/system"
mkdir -p "$root/usr/share/doc/tongguan-edge" "$root/usr/bin"

cp dist/tongguan-edge.js dist/tongguan-edge.js.map "$root/usr/lib/tongguan-edge/"
# Only what runs: no sources of SQLite, no objects of the compiler.
for package in "$binding" bindings file-uri-to-path; do
  [ -d "node_modules/$package" ] || continue
  mkdir -p "$root/usr/lib/tongguan-edge/node_modules/$package"
  tar -C "node_modules/$package" --exclude=deps --exclude=src --exclude=obj --exclude='*.o' --exclude='*.a' --exclude=obj.target --exclude=test_extension.node --exclude=.deps --exclude='*.mk' --exclude=config.gypi --exclude=Makefile --exclude=binding.Makefile --exclude=binding.gyp -cf - . |
    tar -C "$root/usr/lib/tongguan-edge/node_modules/$package" -xf -
done
printf '#!/bin/sh\nexport MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=65536 UV_THREADPOOL_SIZE=2\nexec /usr/bin/node --max-semi-space-size=2 --single-threaded /usr/lib/tongguan-edge/tongguan-edge.js "$@"\n' >"$root/usr/bin/tongguan-edge"
chmod 0755 "$root/usr/bin/tongguan-edge"
cp deploy/edge/tongguan-edge.service "$root/lib/systemd/system/"
cp deploy/edge/edge.yaml docs/edge.md docs/configuration.md docs/raw-frames.md docs/offboarding.md LICENSE "$root/usr/share/doc/tongguan-edge/"
# Without name and time, so that the same page packs to the same bytes.
mkdir -p "$root/usr/share/man/man1"
if [ -f dist/man/tongguan-edge.1 ]; then gzip -9n <dist/man/tongguan-edge.1 >"$root/usr/share/man/man1/tongguan-edge.1.gz"; fi
for script in postinst prerm postrm; do install -m 0755 "deploy/edge/$script" "$root/DEBIAN/$script"; done
cat >"$root/DEBIAN/control" <<CONTROL
Package: tongguan-edge
Version: $version
Architecture: $arch
Maintainer: Tongguan maintainers <maintainers@tongguan.example>
Depends: nodejs (>= $node_major), nodejs (<< $((node_major + 1))), adduser
Section: net
Priority: optional
Description: Tongguan edge agent
 Strips or coarsens what may not leave a vehicle, tags and signs the rest, keeps it on disk
 and sends it to the mainland cloud, which acknowledges what is durable.
CONTROL
dpkg-deb --root-owner-group --build "$root" "build/deb/tongguan-edge_${version}_${arch}.deb" >/dev/null
echo "build/deb/tongguan-edge_${version}_${arch}.deb"
