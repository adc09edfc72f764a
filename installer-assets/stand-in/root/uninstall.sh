#!/bin/sh
# Takes the product of this folder away, and the folder itself where a kit made it; else the installer's files stay.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}" && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
action=uninstall
log INFO "uninstall begins"
if [ -d "$PRODUCT_HOME" ]; then
    "$PRODUCT_HOME/bin/stop.sh" > /dev/null 2>&1
    rm -rf -- "$PRODUCT_HOME"
fi
log INFO "uninstall of ${PRODUCT}_V$VERSION is complete"
[ ! -f "$ROOT/stand-in/from-kit" ] || rm -rf -- "$ROOT"
summary "Uninstalled: ${PRODUCT}_V$VERSION"
