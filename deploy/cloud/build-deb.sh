#!/usr/bin/env bash
# Builds build/deb/tongguan-cloud_VERSION_ARCH.deb: the whole program with the libraries that it runs on. Native parts are those of this machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
name=tongguan-cloud
here=deploy/cloud
# shellcheck source=deploy/debian/pack.sh
. deploy/debian/pack.sh

lib=$root/usr/lib/tongguan
mkdir -p "$lib/bin" "$root/usr/bin"
install -m 0755 bin/tongguan "$lib/bin/tongguan"
# What is in one file for others stays out, and maps that lead to sources which are not there.
tar -C dist --exclude=./border --exclude='./tongguan-edge.js*' --exclude='*.map' --exclude=.built --exclude=./man --sort=name -cf - . | { mkdir -p "$lib/dist" && tar -C "$lib/dist" -xf -; }
cp package.json "$lib/package.json"
mapfile -t packages < <(node deploy/release/production.mjs)
copy_modules "$lib/node_modules" "${packages[@]}"
ln -s ../lib/tongguan/bin/tongguan "$root/usr/bin/tongguan"
cp deploy/cloud/cloud.yaml docs/cloud.md docs/operating.md docs/deploying.md docs/configuration.md "$doc/"
man_pages dist/man/tongguan*.1
rm -f "$root/usr/share/man/man1/tongguan-edge.1.gz"
pack "$machine" 'libc6, libgcc-s1, libstdc++6, adduser' 'mainland cloud of the Tongguan telematics gateway
 Admits what vehicles send, checks it again, keeps it in zones with keys of
 their own and decides every transfer abroad. It sends nothing abroad itself:
 that is tongguan-exporter.'
