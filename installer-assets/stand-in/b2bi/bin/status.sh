#!/bin/sh
# Ends with 0 exactly while an engine runs.
# A stand-in for trying Countersign, not the vendor's.
ROOT=$(CDPATH= cd -- "${0%/*}/../.." && pwd -P) || exit 1
. "$ROOT/stand-in/run.sh"
"$COUNTERSIGN" b2bi status --home "$PRODUCT_HOME"
"$COUNTERSIGN" b2bi status --home "$PRODUCT_HOME" --json | grep -q '"process": "running"'
