#!/usr/bin/env bash
# Holds what is in deploy/ against the linter of its own kind, and says what could not be checked for want of one. Exit 1 when one of them complains.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
failed=0
tools=build/tools
node_tool=$tools/node_modules/.bin

check() { # WHAT COMMAND...
  local what=$1 told
  shift
  if told=$("$@" 2>&1); then echo "good: $what"; else
    printf 'bad: %s\n%s\n' "$what" "$told"
    failed=1
  fi
}
missing() { echo "not checked: $1: $2"; }

if [ -x "$node_tool/dclint" ]; then check 'deploy/compose.yaml (dclint)' "$node_tool/dclint" --max-warnings 0 deploy/compose.yaml
else missing deploy/compose.yaml 'dclint is missing (make tools)'; fi

if command -v hadolint >/dev/null; then check 'deploy/container/Dockerfile (hadolint)' hadolint deploy/container/Dockerfile
else missing deploy/container/Dockerfile 'hadolint is missing, which no package registry has'; fi

if command -v kubectl >/dev/null; then
  mkdir -p $tools
  for site in deploy/kubernetes/example*; do
    made=$tools/$(basename "$site").yaml
    check "$site (kustomize)" kubectl kustomize "$site" --output "$made"
    if [ -d $tools/python/kubernetes_validate ]; then
      for release in 1.31 1.34 1.37; do
        check "$site against the schemas of Kubernetes $release (kubernetes-validate)" env PYTHONPATH=$tools/python python3 -m kubernetes_validate --strict --no-warn -k $release "$made"
      done
    else missing "schemas of $site" 'kubernetes-validate is missing (make tools; wants python3 and pip)'; fi
    # A limit of CPU would hold a process back on a node that has nothing else to do; requests share what there is.
    if [ -x $tools/bin/kube-score ]; then check "$site (kube-score)" $tools/bin/kube-score score --kubernetes-version v1.31 --ignore-container-cpu-limit --exit-one-on-warning -o ci "$made"
    else missing "$site" 'kube-score is missing (make tools; wants go)'; fi
  done
else missing deploy/kubernetes 'kubectl is missing'; fi

if command -v systemd-analyze >/dev/null; then
  units=$(mktemp -d)
  # Programs that are not installed here would be all that it speaks of.
  for unit in deploy/*/*.service; do sed -E 's|^ExecStart=[^ ]+|ExecStart=/bin/true|' "$unit" >"$units/$(basename "$unit")"; done
  check 'units (systemd-analyze verify)' systemd-analyze verify --man=no "$units"/*.service
  for unit in deploy/*/*.service; do check "$unit: exposure of 2.0 at most (systemd-analyze security)" systemd-analyze security --no-pager --offline=true --threshold=20 "$unit"; done
  rm -rf "$units"
else missing units 'systemd-analyze is missing (Debian: systemd)'; fi

packages=(build/deb/*.deb)
if [ ! -f "${packages[0]}" ]; then missing 'Debian packages' 'there are none (make deb)'
elif command -v lintian >/dev/null; then check 'Debian packages (lintian)' lintian --no-cfg --allow-root --fail-on error,warning "${packages[@]}"
else missing 'Debian packages' 'lintian is missing (Debian: lintian)'; fi

if command -v shellcheck >/dev/null; then check 'scripts (shellcheck)' shellcheck -x --severity=warning deploy/*.sh deploy/*/*.sh deploy/*/postinst deploy/*/prerm deploy/*/postrm
else missing scripts 'shellcheck is missing (Debian: shellcheck)'; fi
exit $failed
