# Read by the build-deb.sh of each package: what all of them have in common. The same tree gives the same bytes: modes, times and owners are set
# here, and nothing of them comes from who builds. `name` has to be set before.
# shellcheck shell=bash disable=SC2034,SC2154
command -v dpkg-deb >/dev/null || { echo 'build-deb: error: dpkg-deb is missing (Debian: dpkg)' >&2; exit 1; }

command -v strip >/dev/null || { echo 'build-deb: error: strip is missing (Debian: binutils)' >&2; exit 1; }

# Of the commit, so that a release has one time wherever it is built; without a repository, the day of the format.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 315532800)}
export SOURCE_DATE_EPOCH
version=$(node -p "require('./package.json').version")
node_major=$(node -p "process.versions.node.split('.')[0]")
machine=$(dpkg --print-architecture)
binding=better-sqlite3
if [ "$node_major" -ge 22 ]; then binding=better-sqlite3-node22; fi
root=build/deb/$name
doc=$root/usr/share/doc/$name
rm -rf "$root" && mkdir -p "$root/DEBIAN" "$root/usr/lib" "$root/usr/lib/systemd/system" "$doc"

# Only what runs: no sources of native parts, no objects of the compiler, no types. A package brings those that lie below it.
copy_modules() { # TARGET PACKAGE...
  local target=$1 package present=()
  shift
  for package in "$@"; do
    if [ -d "node_modules/$package" ]; then present+=("$package"); fi
  done
  mkdir -p "$target"
  tar -C node_modules --anchored --wildcards --exclude='*/deps' --exclude='better-sqlite3*/src' --exclude='*/obj' --exclude='*/obj.target' --exclude='*.o' --exclude='*.a' --exclude='*.mk' \
    --exclude='*/test_extension.node' --exclude='*/.deps' --exclude='*/config.gypi' --exclude='*/build/*akefile' --exclude='*.gyp' --exclude='*.d.ts' --exclude='*.d.mts' --exclude='*.d.cts' \
    --exclude='*.map' --exclude='*/.*' --exclude='*/test' --exclude='*/tests' --exclude='*/benchmark' --exclude='*/benchmarks' --exclude='*/integration' --exclude='*/docs' \
    --exclude='*/examples' --exclude='*/scripts' --exclude='*.sh' --exclude='*.html' --exclude='*.md' -cf - "${present[@]}" | tar -C "$target" -xf -
  find "$target" -name '*.node' -exec strip --strip-unneeded {} +
}

man_pages() { # PAGE...
  mkdir -p "$root/usr/share/man/man1"
  local page
  for page in "$@"; do
    # Without name and time, so that the same page packs to the same bytes.
    if [ -f "$page" ]; then gzip -9n <"$page" >"$root/usr/share/man/man1/$(basename "$page").gz"; fi
  done
}

pack() { # ARCHITECTURE DEPENDS DESCRIPTION (its first line is the synopsis)
  local script
  for script in postinst prerm postrm; do
    if [ -f "$here/$script" ]; then install -m 0755 "$here/$script" "$root/DEBIAN/$script"; fi
  done
  cp "$here"/*.service "$root/usr/lib/systemd/system/"
  # Those of the pair that are not of this very program belong to whoever reads them elsewhere.
  cp deploy/debian/copyright "$doc/copyright"
  printf '%s (%s) unstable; urgency=medium\n\n  * CHANGELOG.md of the repository says what is new.\n\n -- Tongguan maintainers <maintainers@tongguan.example>  %s\n' \
    "$name" "$version" "$(LC_ALL=C date -R -u -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
  if [ -f "$here/lintian-overrides" ]; then install -D -m 0644 "$here/lintian-overrides" "$root/usr/share/lintian/overrides/$name"; fi
  find "$root" -type d -exec chmod 0755 {} +
  find "$root" -path "$root/DEBIAN" -prune -o -type f -exec chmod u=rwX,go=rX {} +
  find "$root" -path "$root/DEBIAN" -prune -o -type f -path '*/node_modules/*' ! -path '*/bin/*' -exec chmod 0644 {} +
  cat >"$root/DEBIAN/control" <<CONTROL
Package: $name
Version: $version
Architecture: $1
Maintainer: Tongguan maintainers <maintainers@tongguan.example>
Installed-Size: $(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
Depends: nodejs (>= $node_major), nodejs (<< $((node_major + 1))), $2
Section: net
Priority: optional
Description: $3
CONTROL
  (cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
  find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  # One thread: how xz cuts its blocks depends on how many there are.
  dpkg-deb --root-owner-group -Zxz -z3 --threads-max=1 --build "$root" "build/deb/${name}_${version}_$1.deb" >/dev/null
  echo "build/deb/${name}_${version}_$1.deb"
}
