#!/usr/bin/env bash
# Builds build/deb/tongguan-edge_VERSION_ARCH.deb from the compiled agent. Native parts are those of this machine: build on
# the architecture of the TCU, with the major version of Node that it runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
name=tongguan-edge
here=deploy/edge
# shellcheck source=deploy/debian/pack.sh
. deploy/debian/pack.sh

mkdir -p "$root/usr/lib/tongguan-edge" "$root/usr/bin"
cp dist/tongguan-edge.js "$root/usr/lib/tongguan-edge/"
cp dist/NOTICES "$root/usr/lib/tongguan-edge/"
copy_modules "$root/usr/lib/tongguan-edge/node_modules" "$binding" bindings file-uri-to-path
printf '#!/bin/sh\nexport MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=65536 UV_THREADPOOL_SIZE=2\nexec /usr/bin/node --max-semi-space-size=2 --single-threaded --no-sparkplug /usr/lib/tongguan-edge/tongguan-edge.js "$@"\n' >"$root/usr/bin/tongguan-edge"
chmod 0755 "$root/usr/bin/tongguan-edge"
cp deploy/edge/edge.yaml docs/edge.md docs/configuration.md docs/raw-frames.md docs/offboarding.md "$doc/"
man_pages dist/man/tongguan-edge.1
pack "$machine" 'libc6, libgcc-s1, libstdc++6, adduser' 'edge agent of the Tongguan telematics gateway
 Strips or coarsens what may not leave a vehicle, tags and signs the rest,
 keeps it on disk and sends it to the mainland cloud, which acknowledges
 what is durable.'
