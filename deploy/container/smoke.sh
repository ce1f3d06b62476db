#!/usr/bin/env bash
# Runs the two images as deploy/compose.yaml does, each without a network, with throw-away keys and volumes, and fails at the first thing that is not so:
#   deploy/container/smoke.sh tongguan-cloud:0.1.0 tongguan-exporter:0.1.0
# ENGINE is what runs containers, `docker` if not set; RUN_ARGS is what else each container is started with, such as `--ulimit host` for podman in a container.
set -euo pipefail
cloud_image=${1:?the image of the cloud} exporter_image=${2:?the image of the exporter}
read -ra engine <<<"${ENGINE:-docker}"
read -ra run_args <<<"${RUN_ARGS:-}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
site=$(mktemp -d)
name=tongguan-smoke-$$
READY_TRIES_MAX=60

finish() {
  "${engine[@]}" rm -f "$name-cloud" "$name-exporter" >/dev/null 2>&1 || true
  "${engine[@]}" volume rm "$name-cloud" "$name-border" "$name-exporter" >/dev/null 2>&1 || true
  rm -rf "$site"
}
trap finish EXIT
fail() { echo "smoke: error: $1" >&2; exit 1; }
inside() { "${engine[@]}" exec "$name-$1" "${@:2}"; }
refused() { if inside "$@" >/dev/null 2>&1; then fail "${*:2} was possible in $1"; fi; echo "refused in $1: ${*:2}"; }
ready() {
  for _ in $(seq "$READY_TRIES_MAX"); do
    if inside cloud node /usr/lib/tongguan/ready.mjs https://127.0.0.1:8443/readyz; then echo "cloud: ready $1"; return; fi
    sleep 1
  done
  "${engine[@]}" logs "$name-cloud" >&2
  fail "the cloud is not ready $1"
}

mkdir "$site/cloud" "$site/exporter"
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1" -out "$2" -days 2 -subj /CN=localhost 2>/dev/null
}
certificate "$site/device.key" "$site/cloud/device-authority.pem"
certificate "$site/cloud/server.key" "$site/cloud/server.pem"
certificate "$site/exporter/exporter.key" "$site/exporter/exporter.crt"
for key in cloud/log cloud/permit exporter/traffic-log; do openssl genpkey -algorithm ed25519 -out "$site/$key.key"; done
openssl pkey -in "$site/cloud/permit.key" -pubout -out "$site/exporter/permit.pub"
openssl genpkey -algorithm X25519 | openssl pkey -pubout -out "$site/exporter/capture.pub"
openssl rand -out "$site/cloud/pseudonym.key" 32
# The console of the example listens to loopback without TLS, the health check asks with it.
sed -e 's/^  port: 8080$/  port: 8443\n  tls: { certificateFile: \/etc\/tongguan-cloud\/server.pem, keyFile: \/etc\/tongguan-cloud\/server.key }/' \
  "$root/deploy/cloud/cloud.yaml" >"$site/cloud/cloud.yaml"
cp "$root/deploy/exporter/exporter.yaml" "$site/exporter/"
# Throw-away keys in a directory of root's; whoever runs inside has another number.
chmod 0711 "$site" && chmod -R a+rX "$site/cloud" "$site/exporter"

rights=("${run_args[@]}" --network none --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs '/tmp:mode=1777,size=64m')
cloud=("${rights[@]}" --user 10001:10010 --tmpfs '/run/tongguan-cloud:mode=0777,size=1m' -v "$name-cloud:/var/lib/tongguan-cloud"
  -v "$name-border:/var/lib/tongguan-border" -v "$site/cloud:/etc/tongguan-cloud:ro" "$cloud_image")
exporter=("${rights[@]}" --user 10002:10002 --group-add 10010 -v "$name-exporter:/var/lib/tongguan-exporter" -v "$site/exporter:/etc/tongguan-exporter:ro")

"${engine[@]}" run --rm "${cloud[@]}" cloud --config /etc/tongguan-cloud/cloud.yaml --initialise
"${engine[@]}" run --rm "${exporter[@]}" "$exporter_image" log begin --directory /var/lib/tongguan-exporter/traffic \
  --origin telematics.example.cn/traffic --key /etc/tongguan-exporter/traffic-log.key
border=$("${engine[@]}" volume inspect "$name-border" --format '{{.Mountpoint}}')
"${engine[@]}" run -d --name "$name-cloud" "${cloud[@]}" >/dev/null
"${engine[@]}" run -d --name "$name-exporter" "${exporter[@]}" -v "$border/outbox:/var/lib/tongguan-border/outbox:ro" \
  -v "$border/returns:/var/lib/tongguan-border/returns" "$exporter_image" >/dev/null
ready 'after its first start'

refused cloud touch /usr/lib/tongguan/changed
refused exporter touch /usr/lib/tongguan-exporter/changed
refused exporter touch /var/lib/tongguan-border/outbox/forged
refused exporter ls /var/lib/tongguan-border/staging
refused exporter ls /var/lib/tongguan-cloud
inside exporter sh -c 'touch /var/lib/tongguan-border/returns/mark && rm /var/lib/tongguan-border/returns/mark' || fail 'the exporter cannot answer'
for role in cloud exporter; do
  inside "$role" grep -q '^CapEff:.0000000000000000$' /proc/1/status || fail "$role has capabilities"
  inside "$role" grep -q '^NoNewPrivs:.1$' /proc/1/status || fail "$role may gain rights"
done

"${engine[@]}" kill "$name-cloud" >/dev/null
"${engine[@]}" start "$name-cloud" >/dev/null
ready 'after it was killed'
"${engine[@]}" stop -t 60 "$name-cloud" "$name-exporter" >/dev/null
for role in cloud exporter; do
  status=$("${engine[@]}" inspect "$name-$role" --format '{{.State.ExitCode}}')
  [[ $status == 0 ]] || fail "$role ended with $status when it was asked to stop"
done
echo 'smoke: both ran, with no more rights than they need, and stopped when asked'
