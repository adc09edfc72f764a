#!/bin/sh
# Stops PassPort and returns when it is gone.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}/../.." && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
"$COUNTERSIGN" passport stop --home "$PRODUCT_HOME" > /dev/null || exit 1
echo "PassPort (stand-in) is stopped"
