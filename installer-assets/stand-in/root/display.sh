#!/bin/sh
# Lists what is installed in this folder.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}" && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
echo "Installed products in $ROOT (stand-in of the Axway Installer $INSTALLER)"
[ ! -d "$PRODUCT_HOME" ] || echo "$PRODUCT $VERSION (stand-in)"
