#!/usr/bin/env bash
# Installs the very package that was looked at. It sees no key.
set -euo pipefail
refuse() {
  echo "::error::$1"
  exit 1
}
unset FLEETFORM_TOKEN STATE_TOKEN GH_TOKEN
place=$(mktemp -d)
cd "$place"
test -n "${FLEETFORM_PACKAGE-}" ||
  refuse "FLEETFORM_PACKAGE, at the top of this workflow, must say where fleetform is installed from"
npm pack --silent --ignore-scripts "$FLEETFORM_PACKAGE"
mv ./*.tgz fleetform.tgz
found=$(node -p '"sha512-" + crypto.createHash("sha512").update(fs.readFileSync(process.argv[1])).digest("base64")' \
  fleetform.tgz)
test "$found" = "${FLEETFORM_INTEGRITY-}" ||
  refuse "$FLEETFORM_PACKAGE does not match FLEETFORM_INTEGRITY, at the top of this workflow: its integrity is $found"
npm install --global --ignore-scripts --offline ./fleetform.tgz
