#!/bin/sh
# Starts PassPort and returns when it is ready. The configured secret becomes the only accepted one.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}/../.." && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
[ -f "$SECRET_FILE" ] || { echo "PassPort has no secret yet: run the installer" >&2; exit 1; }
"$COUNTERSIGN" passport start --home "$PRODUCT_HOME" > /dev/null || exit 1
if secret_open < "$SECRET_FILE" |
    "$COUNTERSIGN" passport secret replace --home "$PRODUCT_HOME" --from stdin > /dev/null; then
    echo "PassPort (stand-in) is ready"
else
    "$COUNTERSIGN" passport stop --home "$PRODUCT_HOME" > /dev/null
    exit 1
fi
