#!/bin/sh
# Ends with 0 exactly while PassPort runs.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}/../.." && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
"$COUNTERSIGN" passport status --home "$PRODUCT_HOME"
