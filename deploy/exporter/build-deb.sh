#!/usr/bin/env bash
# Builds build/deb/tongguan-exporter_VERSION_all.deb: the exporter in two files, without native parts and without any code of the cloud.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
name=tongguan-exporter
here=deploy/exporter
# shellcheck source=deploy/debian/pack.sh
. deploy/debian/pack.sh

mkdir -p "$root/usr/lib/tongguan-exporter" "$root/usr/bin"
cp dist/border/*.js "$root/usr/lib/tongguan-exporter/"
cp dist/NOTICES "$root/usr/lib/tongguan-exporter/"
printf '{ "type": "module" }\n' >"$root/usr/lib/tongguan-exporter/package.json"
printf '#!/bin/sh\nexec /usr/bin/node /usr/lib/tongguan-exporter/tongguan-exporter.js "$@"\n' >"$root/usr/bin/tongguan-exporter"
chmod 0755 "$root/usr/bin/tongguan-exporter"
cp deploy/exporter/exporter.yaml docs/exporter.md docs/capture.md docs/deploying.md "$doc/"
pack all adduser 'exporter of the Tongguan telematics gateway
 The only process with a way out of the country. It sends what was cleared
 under a signed permit, to recipients of its own list, and nothing that it
 cannot log and capture first.'
