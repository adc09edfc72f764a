#!/bin/sh
# Stops both engines and returns when they are gone.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}/../.." && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
"$COUNTERSIGN" b2bi stop --home "$PRODUCT_HOME" > /dev/null || exit 1
echo "B2Bi Server (stand-in) is stopped"
